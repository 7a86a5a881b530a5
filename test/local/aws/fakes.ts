import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promptBehaviour, type Behaviour } from '../../../local/aws/behaviour';
import type { Clock } from '../../../local/aws/clock';
import type { Context } from '../../../local/aws/iam/access';
import type { PolicySource } from '../../../local/aws/iam/policy-source';
import { startGateway, type Gateway } from '../../../local/aws/gateway';
import { InstantHost } from '../../../local/machines/instant-host';

/** A clock whose time a test sets; waiting takes a hundredth of its time. */
export class TestClock implements Clock {
  offsetMilliseconds = 0;
  private held: Promise<void> = Promise.resolve();

  now(): Date {
    return new Date(Date.now() + this.offsetMilliseconds);
  }

  async sleep(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds / 100));
    await this.held;
  }

  /** Stands still for those who wait, until what is returned is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.held = new Promise((resolve) => (release = resolve));
    return release;
  }
}

/**
 * What stands behind the gateway in these tests: answers by action, and tells what came through.
 */
export interface Emulator {
  readonly url: string;
  readonly calls: string[];
  answers: Record<string, string>;
  close(): Promise<void>;
}

async function startEmulator(): Promise<Emulator> {
  const calls: string[] = [];
  const emulator = { calls, answers: { ...launchTemplateAnswer } as Record<string, string> };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const action =
        typeof target === 'string'
          ? (target.split('.').pop() ?? '')
          : (new URLSearchParams(body).get('Action') ?? request.url ?? '');
      calls.push(action);
      response.end(emulator.answers[action] ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(emulator, { url, close });
}

export const templateId = 'lt-0123456789abcdef0';
export const userData = '#!/bin/bash\necho hello\n';

const launchTemplateAnswer = {
  GetInstanceProfile: `<GetInstanceProfileResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetInstanceProfileResult><InstanceProfile>
<InstanceProfileName>bridges</InstanceProfileName><Roles><member><RoleName>bridge-role</RoleName><Arn>arn:aws:iam::123456789012:role/bridge-role</Arn></member></Roles>
</InstanceProfile></GetInstanceProfileResult></GetInstanceProfileResponse>`,
  DescribeLaunchTemplateVersions: `<?xml version="1.0"?>
<DescribeLaunchTemplateVersionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><launchTemplateVersionSet><item>
<launchTemplateId>${templateId}</launchTemplateId><versionNumber>3</versionNumber><launchTemplateData>
<imageId>ami-0123456789abcdef0</imageId><instanceType>c6i.xlarge</instanceType>
<instanceInitiatedShutdownBehavior>terminate</instanceInitiatedShutdownBehavior>
<iamInstanceProfile><arn>arn:aws:iam::123456789012:instance-profile/bridges</arn></iamInstanceProfile>
<securityGroupIdSet><item>sg-0123456789abcdef0</item></securityGroupIdSet>
<userData>${Buffer.from(userData).toString('base64')}</userData>
<metadataOptions><httpTokens>required</httpTokens><httpPutResponseHopLimit>1</httpPutResponseHopLimit><instanceMetadataTags>enabled</instanceMetadataTags></metadataOptions>
<tagSpecificationSet><item><resourceType>instance</resourceType><tagSet><item><key>bridges:fleet</key><value>local</value></item></tagSet></item></tagSpecificationSet>
</launchTemplateData></item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>`,
};

export interface TestCloud {
  readonly gateway: Gateway;
  readonly machines: InstantHost;
  readonly emulator: Emulator;
  readonly clock: TestClock;
  /** Settings of an SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

export interface TestCloudOptions {
  /** What differs from an AWS where everything happens at once. */
  readonly behaviour?: Partial<Behaviour>;
  /** Statements of the roles' policies by the role's name. @default machines may do everything */
  readonly policies?: Readonly<Record<string, readonly unknown[]>>;
}

const machinesMayDoAll = { 'bridge-role': [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** Roles with one policy each, that EC2 may assume; every profile is of the role `bridge-role`. */
function fakePolicies(statements: Readonly<Record<string, readonly unknown[]>>): PolicySource {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  return {
    policiesOf: (role) =>
      Promise.resolve([
        { name: role, document: { Version: '2012-10-17', Statement: statements[role] ?? [] } },
      ]),
    trustPolicyOf: () => Promise.resolve(trust),
    roleOfProfile: () => Promise.resolve('arn:aws:iam::123456789012:role/bridge-role'),
  };
}

/** Settings of an SDK client that calls as a role. */
export function clientOf(cloud: TestCloud, role: string, context: Context = {}) {
  const accessKeyId = `ASIA${role.toUpperCase()}`;
  const arn = `arn:aws:iam::123456789012:role/${role}`;
  cloud.gateway.principals.register(accessKeyId, arn, 'session', context);
  return { ...cloud.client, credentials: { accessKeyId, secretAccessKey: 's', sessionToken: 't' } };
}

/**
 * A gateway on a port of its own, with machines that boot nothing and a recorded emulator behind
 * it.
 */
export async function startTestCloud(
  machines = new InstantHost(),
  { behaviour = {}, policies = machinesMayDoAll }: TestCloudOptions = {},
): Promise<TestCloud> {
  const emulator = await startEmulator();
  const clock = new TestClock();
  const gateway = await startGateway({
    port: 0,
    ministackUrl: emulator.url,
    machines,
    clock,
    behaviour: { ...promptBehaviour, ...behaviour },
    policies: fakePolicies(policies),
  });
  const client = {
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const close = async (): Promise<void> => {
    await gateway.close();
    await emulator.close();
  };
  return { gateway, machines, emulator, clock, client, close };
}
