import { DescribeLaunchTemplateVersionsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { AwsError } from '../errors';
import { parseInput } from '../protocol/input';
import { launchDataSchema, type LaunchData } from './instance';

export const launchTemplateSpecification = z.object({
  LaunchTemplateId: z.string().optional(),
  LaunchTemplateName: z.string().optional(),
  /** A number, `$Latest` or `$Default`; without it the default version. */
  Version: z.string().optional(),
});
export type LaunchTemplateSpecification = z.infer<typeof launchTemplateSpecification>;

export interface LaunchTemplate {
  readonly id: string;
  readonly version: string;
  readonly data: LaunchData;
}

export interface LaunchTemplateSource {
  read(specification: LaunchTemplateSpecification): Promise<LaunchTemplate>;
}

/** Launch templates where CloudFormation deployed them: in the emulator behind the gateway. */
export class DeployedLaunchTemplates implements LaunchTemplateSource {
  constructor(private readonly ec2: EC2Client) {}

  async read(specification: LaunchTemplateSpecification): Promise<LaunchTemplate> {
    const { LaunchTemplateId, LaunchTemplateName, Version = '$Default' } = specification;
    const reply = await this.ec2
      .send(
        new DescribeLaunchTemplateVersionsCommand({
          LaunchTemplateId,
          LaunchTemplateName,
          Versions: [Version],
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof Error) throw new AwsError(error.name, error.message);
        throw error;
      });
    const found = reply.LaunchTemplateVersions?.[0];
    if (found?.LaunchTemplateId === undefined) {
      throw new AwsError(
        'InvalidLaunchTemplateId.VersionNotFound',
        `Could not find launch template version ${Version}`,
      );
    }
    return {
      id: found.LaunchTemplateId,
      version: String(found.VersionNumber),
      data: parseInput(launchDataSchema, found.LaunchTemplateData ?? {}, 'InvalidLaunchTemplate'),
    };
  }
}
