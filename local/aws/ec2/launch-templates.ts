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
  /** @param ministackUrl where the client calls too: some of its answers the SDK does not understand */
  constructor(
    private readonly ec2: EC2Client,
    private readonly ministackUrl: string,
  ) {}

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
    const id = found.LaunchTemplateId;
    const version = String(found.VersionNumber);
    const data = found.LaunchTemplateData ?? {};
    const [networkInterface] = data.NetworkInterfaces ?? [];
    if (networkInterface !== undefined && (networkInterface.Groups ?? []).length === 0) {
      networkInterface.Groups = await this.readGroups(id, version);
    }
    return { id, version, data: parseInput(launchDataSchema, data, 'InvalidLaunchTemplate') };
  }

  /**
   * Security groups of the network interface: ministack names the elements of the list otherwise
   * than AWS.
   */
  private async readGroups(templateId: string, version: string): Promise<string[]> {
    const credential = 'test/20200101/us-east-1/ec2/aws4_request';
    const response = await fetch(this.ministackUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
      },
      body: new URLSearchParams({
        Action: 'DescribeLaunchTemplateVersions',
        Version: '2016-11-15',
        LaunchTemplateId: templateId,
        'LaunchTemplateVersion.1': version,
      }).toString(),
    });
    const interfaces = /<networkInterfaceSet>[\s\S]*?<\/networkInterfaceSet>/.exec(
      await response.text(),
    )?.[0];
    const groups = /<groupSet>([\s\S]*?)<\/groupSet>/.exec(interfaces ?? '')?.[1] ?? '';
    return [...groups.matchAll(/>(sg-[0-9a-f]+)</g)].map(([, id = '']) => id);
  }
}
