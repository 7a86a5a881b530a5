import { startImds, type Imds } from '../../../../local/aws/imds/server';
import { CreateFleetCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';
import { startTestCloud, templateId, userData, type TestCloud } from '../fakes';

let cloud: TestCloud;
let imds: Imds;
let address = '';
let instanceId = '';

const xml = (action: string, result: string) =>
  `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;

beforeEach(async () => {
  const mayRead = { Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' };
  cloud = await startTestCloud(undefined, { policies: { 'bridge-role': [mayRead] } });
  Object.assign(cloud.emulator.answers, {
    AssumeRole: xml(
      'AssumeRole',
      `<Credentials><AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration></Credentials>`,
    ),
  });
  const ec2 = new EC2Client(cloud.client);
  const reply = await ec2.send(
    new CreateFleetCommand({
      Type: 'instant',
      LaunchTemplateConfigs: [
        { LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '3' } },
      ],
      TargetCapacitySpecification: {
        TotalTargetCapacity: 1,
        DefaultTargetCapacityType: 'on-demand',
      },
    }),
  );
  ec2.destroy();
  instanceId = reply.Instances?.[0]?.InstanceIds?.[0] ?? '';
  address = '10.213.1.10';
  imds = await startImds({
    host: '127.0.0.1',
    port: 0,
    gateway: cloud.gateway,
    addressOf: () => address,
  });
});

afterEach(async () => {
  await imds.close();
  await cloud.close();
});

const call = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`http://127.0.0.1:${imds.port}${path}`, { method, headers });

async function token(seconds = '60'): Promise<Response> {
  return call('/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': seconds }, 'PUT');
}

async function read(path: string): Promise<string | number> {
  const held = await (await token()).text();
  const response = await call(`/latest/${path}`, { 'x-aws-ec2-metadata-token': held });
  return response.ok ? response.text() : response.status;
}

it('answers nothing without a valid token', async () => {
  expect((await call('/latest/meta-data/instance-id')).status).toBe(401);
  const wrong = { 'x-aws-ec2-metadata-token': 'AAAA' };
  expect((await call('/latest/meta-data/instance-id', wrong)).status).toBe(401);
});

it.each(['0', '21601', 'x', ''])('refuses a token for %p seconds', async (seconds) => {
  expect((await token(seconds)).status).toBe(400);
});

it('refuses a token to a proxy', async () => {
  const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': '60', 'x-forwarded-for': '10.0.0.1' };
  expect((await call('/latest/api/token', headers, 'PUT')).status).toBe(403);
});

it('refuses an expired token, and one of another instance', async () => {
  const held = { 'x-aws-ec2-metadata-token': await (await token('60')).text() };
  expect((await call('/latest/meta-data/instance-id', held)).status).toBe(200);
  cloud.gateway.ec2.addInstance({
    instanceId: 'i-0a0a0a0a0a0a0a0a0',
    privateIpAddress: '10.213.0.10',
    tags: {},
  });
  address = '10.213.0.10';
  expect((await call('/latest/meta-data/instance-id', held)).status).toBe(401);
  address = '10.213.1.10';
  cloud.clock.offsetMilliseconds = 61_000;
  expect((await call('/latest/meta-data/instance-id', held)).status).toBe(401);
});

it('knows an instance by its address', async () => {
  expect(await read('meta-data/instance-id')).toBe(instanceId);
  expect(await read('meta-data/local-ipv4')).toBe('10.213.1.10');
  expect(await read('meta-data/placement/availability-zone')).toBe('us-east-1a');
  expect(await read('user-data')).toBe(userData);
  address = '10.213.9.9';
  expect((await token()).status).toBe(404);
});

it('shows tags as they are now', async () => {
  expect(await read('meta-data/tags/instance/')).toBe('bridges:fleet');
  expect(await read('meta-data/tags/instance/bridges:registered')).toBe(404);
  cloud.gateway.ec2.find(instanceId)?.tags.set('bridges:registered', 'now');
  expect(await read('meta-data/tags/instance/bridges:registered')).toBe('now');
});

it('gives the role’s credentials, the same until they near their end, and the audit knows them', async () => {
  expect(await read('meta-data/iam/security-credentials/')).toBe('bridge-role');
  const credentials = await read('meta-data/iam/security-credentials/bridge-role');
  expect(JSON.parse(String(credentials))).toMatchObject({
    Code: 'Success',
    AccessKeyId: 'ASIATEST',
  });
  await read('meta-data/iam/security-credentials/bridge-role');
  const assumed = () => cloud.emulator.calls.filter((action) => action === 'AssumeRole').length;
  expect(assumed()).toBe(1);
  cloud.clock.offsetMilliseconds = 55 * 60_000;
  await read('meta-data/iam/security-credentials/bridge-role');
  expect(assumed()).toBe(2);

  const own = { accessKeyId: 'ASIATEST', secretAccessKey: 's', sessionToken: 't' };
  const ssm = new SSMClient({ ...cloud.client, credentials: own });
  await ssm.send(new GetParameterCommand({ Name: '/x' }));
  ssm.destroy();
  expect(cloud.gateway.audit.entries().at(-1)?.principal).toBe(
    `arn:aws:sts::123456789012:assumed-role/bridge-role/${instanceId}`,
  );
});

it('has no user data where there is none', async () => {
  cloud.gateway.ec2.addInstance({
    instanceId: 'i-0a0a0a0a0a0a0a0a0',
    privateIpAddress: '10.213.0.10',
    tags: {},
  });
  address = '10.213.0.10';
  expect(await read('user-data')).toBe(404);
  expect(await read('meta-data/iam/info')).toBe(404);
});
