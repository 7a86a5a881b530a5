import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { eventually } from '../../../eventually';
import { startImds, type Imds } from '../../../../local/aws/imds/server';
import { InstantHost } from '../../../../local/machines/instant-host';
import { startTestCloud, templateId, type TestCloud } from '../fakes';

// The test clock waits a hundredth: these seconds are long enough to be seen, and short enough to
// wait for.
const ec2Delay = { from: 40, to: 60 };

let cloud: TestCloud;
let ec2: EC2Client;

async function start(): Promise<void> {
  cloud = await startTestCloud(new InstantHost(), {
    behaviour: { ec2Delay, consoleDelay: { from: 60, to: 60 } },
  });
  ec2 = new EC2Client(cloud.client);
}

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

async function launch(InstanceType: 'c6i.xlarge' | 'm4.xlarge' = 'c6i.xlarge'): Promise<string> {
  const reply = await ec2.send(
    new RunInstancesCommand({
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '3' },
      InstanceType,
      MinCount: 1,
      MaxCount: 1,
    }),
  );
  return reply.Instances?.[0]?.InstanceId ?? '';
}

async function described(InstanceIds: string[] = []) {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

const isShown = (id: string) => (): boolean => cloud.gateway.ec2.find(id)?.shown !== 'notYet';
const isSettled = (id: string) => (): boolean => {
  const instance = cloud.gateway.ec2.find(id);
  return instance?.state === 'running' && instance.shown === undefined;
};

it('a new instance is not in lists at once, and calls that name it do not find it', async () => {
  await start();
  const id = await launch();
  expect(await described()).toEqual([]);
  await expect(described([id])).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  const end = ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  await expect(end).rejects.toMatchObject({ name: 'InvalidInstanceID.NotFound' });
  await eventually(isShown(id));
  expect((await described()).map(({ InstanceId }) => InstanceId)).toEqual([id]);
});

it('tags and states are told some seconds after they changed', async () => {
  await start();
  const id = await launch();
  await eventually(isSettled(id));
  const tagValue = async (): Promise<string | undefined> =>
    (await described())[0]?.Tags?.find(({ Key }) => Key === 'bridges:drain')?.Value;
  const Tags = [{ Key: 'bridges:drain', Value: 'now' }];
  await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  expect(await tagValue()).toBeUndefined();
  await eventually(isSettled(id));
  expect(await tagValue()).toBe('now');
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  expect((await described())[0]?.State?.Name).toBe('running');
  await eventually(() => cloud.gateway.ec2.find(id)?.shown === undefined);
  expect((await described())[0]?.State?.Name).not.toBe('running');
});

it('console output is empty at first, and later as old as it is late', async () => {
  await start();
  const id = await launch();
  await eventually(isSettled(id));
  let console = 'booting\n';
  cloud.machines.consoleOutput = () => console;
  const output = async (): Promise<string> => {
    const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
    return Buffer.from(Output, 'base64').toString();
  };
  expect(await output()).toBe('');
  console = 'booting\nhealthy\n';
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await output()).toBe('booting\n');
});

describe('tags in the metadata', () => {
  let imds: Imds;
  let address = '';

  async function tagIn(instanceId: string): Promise<number> {
    address = cloud.gateway.ec2.find(instanceId)?.spec.privateIpAddress ?? '';
    imds = await startImds({
      host: '127.0.0.1',
      port: 0,
      gateway: cloud.gateway,
      addressOf: () => address,
    });
    const base = `http://127.0.0.1:${imds.port}/latest`;
    const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
    const issued = await fetch(`${base}/api/token`, { method: 'PUT', headers: lifetime });
    const headers = { 'x-aws-ec2-metadata-token': await issued.text() };
    const path = `${base}/meta-data/tags/instance/bridges:registered`;
    const { status } = await fetch(path, { headers });
    await imds.close();
    return status;
  }

  it.each([
    ['c6i.xlarge', 200],
    ['m4.xlarge', 404],
  ] as const)('of a running %s that was tagged after its start: %i', async (type, status) => {
    await start();
    const id = await launch(type);
    await eventually(isSettled(id));
    const Tags = [{ Key: 'bridges:registered', Value: 'now' }];
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    expect(await tagIn(id)).toBe(404);
    await eventually(isSettled(id));
    expect(await tagIn(id)).toBe(status);
  });
});
