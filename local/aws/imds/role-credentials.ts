import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { Clock } from '../clock';
import type { Ec2Model } from '../ec2/model';
import type { Instance } from '../ec2/instance';
import type { Principals } from '../principals';

export interface RoleCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  /** ISO 8601. */
  readonly Expiration: string;
}

export interface RoleCredentialsOptions {
  readonly ministackUrl: string;
  readonly region: string;
  readonly clock: Clock;
  readonly model: Ec2Model;
  readonly principals: Principals;
}

const credentialsSchema = z.object({
  AssumeRoleResponse: z.object({
    AssumeRoleResult: z.object({
      Credentials: z.object({
        AccessKeyId: z.string(),
        SecretAccessKey: z.string(),
        SessionToken: z.string(),
        Expiration: z.string(),
      }),
    }),
  }),
});
const profileSchema = z.object({
  GetInstanceProfileResponse: z.object({
    GetInstanceProfileResult: z.object({
      InstanceProfile: z.object({ Roles: z.object({ member: z.object({ Arn: z.string() }) }) }),
    }),
  }),
});

/** New ones are made this long before the old ones end; EC2 does so at least five minutes before. */
const renewMilliseconds = 10 * 60_000;

/** Temporary credentials of the instances' roles, and for the gateway's audit whose they are. */
export class RoleCredentialsSource {
  private readonly roles = new Map<string, Promise<string | undefined>>();
  private readonly issued = new Map<string, Promise<RoleCredentials>>();

  constructor(private readonly options: RoleCredentialsOptions) {}

  /** ARN of an instance's role; undefined for an instance without a profile. */
  roleArn({ spec }: Instance): Promise<string | undefined> {
    const known =
      this.roles.get(spec.instanceId) ?? this.readRole(spec.instanceId, spec.profileArn);
    this.roles.set(spec.instanceId, known);
    known.catch(() => this.roles.delete(spec.instanceId));
    return known;
  }

  async credentials(instance: Instance, roleArn: string): Promise<RoleCredentials> {
    const { instanceId } = instance.spec;
    const known = await this.issued.get(instanceId);
    const now = this.options.clock.now().getTime();
    if (known !== undefined && Date.parse(known.Expiration) - now > renewMilliseconds) return known;
    const fresh = this.assume(roleArn, instanceId);
    this.issued.set(instanceId, fresh);
    fresh.catch(() => this.issued.delete(instanceId));
    return fresh;
  }

  private async assume(roleArn: string, instanceId: string): Promise<RoleCredentials> {
    const reply = await this.query('sts', '2011-06-15', {
      Action: 'AssumeRole',
      RoleArn: roleArn,
      RoleSessionName: instanceId,
    });
    const { Credentials } = credentialsSchema.parse(reply).AssumeRoleResponse.AssumeRoleResult;
    this.options.principals.register(Credentials.AccessKeyId, roleArn, instanceId);
    return Credentials;
  }

  private async readRole(
    instanceId: string,
    profileArn: string | undefined,
  ): Promise<string | undefined> {
    if (profileArn === undefined) return this.options.model.existingRoleArn(instanceId);
    const reply = await this.query('iam', '2010-05-08', {
      Action: 'GetInstanceProfile',
      InstanceProfileName: profileArn.slice(profileArn.lastIndexOf('/') + 1),
    });
    const result = profileSchema.parse(reply).GetInstanceProfileResponse.GetInstanceProfileResult;
    return result.InstanceProfile.Roles.member.Arn;
  }

  private async query(
    service: string,
    version: string,
    parameters: Record<string, string>,
  ): Promise<unknown> {
    const credential = `test/20200101/${this.options.region}/${service}/aws4_request`;
    const response = await fetch(this.options.ministackUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
      },
      body: new URLSearchParams({ ...parameters, Version: version }).toString(),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${parameters['Action']}: ${text}`);
    return new XMLParser({ parseTagValue: false }).parse(text) as unknown;
  }
}
