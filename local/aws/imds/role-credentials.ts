import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { Clock } from '../clock';
import type { Ec2Model } from '../ec2/model';
import type { Instance } from '../ec2/instance';
import type { PolicySource } from '../iam/policy-source';
import { instanceRole } from '../ec2/instance-role';
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
  readonly accountId: string;
  readonly clock: Clock;
  readonly model: Ec2Model;
  readonly principals: Principals;
  readonly policies: PolicySource;
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
/**
 * New ones are made this long before the old ones end; EC2 does so at least five minutes before.
 */
const renewMilliseconds = 10 * 60_000;

/** Temporary credentials of the instances' roles, and for the gateway's audit whose they are. */
export class RoleCredentialsSource {
  private readonly issued = new Map<string, Promise<RoleCredentials>>();

  constructor(private readonly options: RoleCredentialsOptions) {}

  /** ARN of an instance's role; undefined for an instance without a profile. */
  roleArn(instance: Instance): Promise<string | undefined> {
    const { model, policies } = this.options;
    return instanceRole(model, policies, instance);
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
    const { principals, region, accountId } = this.options;
    const instanceArn = `arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`;
    principals.register(Credentials.AccessKeyId, roleArn, instanceId, {
      'ec2:SourceInstanceARN': instanceArn,
      'ec2:RoleDelivery': '2.0',
    });
    return Credentials;
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
