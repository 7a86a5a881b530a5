import {
  DeleteSnapshotCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';

import { eventually } from '../../../eventually';
import { awsBakeContext } from '../../../../cli/bake/aws-bake-context';
import { bake, unbake, type BakeResult } from '../../../../cli/bake/bake';
import type { BakeContext } from '../../../../cli/bake/bake-context';
import { startTestCloud, templateId, type TestCloud } from '../fakes';

const fleet = 'local';
let cloud: TestCloud;
let ec2: EC2Client;
let context: BakeContext;

beforeEach(async () => {
  cloud = await startTestCloud();
  asTheBakeTemplate(cloud);
  ec2 = new EC2Client(cloud.client);
  context = {
    ...awsBakeContext(ec2, new SSMClient(cloud.client)),
    now: Date.now,
    pause: () => new Promise((resolve) => setTimeout(resolve, 20)),
    progress: () => undefined,
  };
});

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

/** The emulator's launch template, as the stack has the one for images. */
function asTheBakeTemplate({ emulator }: TestCloud): void {
  const template = emulator.answers['DescribeLaunchTemplateVersions'] ?? '';
  emulator.answers['DescribeLaunchTemplateVersions'] = template
    .replace('>terminate<', '>stop<')
    .replace(
      '<key>bridges:fleet</key><value>local</value>',
      '<key>bridges:bake</key><value>local</value></item><item><key>bridges:image</key><value>component/1126-1/0a1b2c3d</value></item><item><key>cost-center</key><value>video</value>',
    );
}

/** Bakes; the machine installs what it is told to by `end`. */
async function bakeOnce(end: (instanceId: string) => void): Promise<BakeResult> {
  const seen = new Set(cloud.machines.machines);
  const baking = bake(context, { fleet, templateId });
  await eventually(() => cloud.machines.machines.some((machine) => !seen.has(machine)));
  const machine = cloud.machines.machines.find((one) => !seen.has(one));
  const instanceId = machine?.instanceId ?? '';
  await eventually(() => cloud.gateway.ec2.find(instanceId)?.state === 'running');
  end(instanceId);
  return baking;
}

const install = (instanceId: string): void => {
  cloud.machines.print(instanceId, 'jitsi-bridges: stage install done in 9s\n');
  cloud.machines.print(instanceId, 'jitsi-bridges: baked\n');
  cloud.machines.powerOff(instanceId);
};

const liveMachines = () =>
  cloud.gateway.ec2
    .all()
    .filter(({ state }) => state !== 'terminated' && state !== 'shutting-down');

test('bake: a machine that stops by itself becomes an image of the fleet, and is gone', async () => {
  const result = await bakeOnce(install);
  expect(result).toMatchObject({ ok: true, recipe: 'component/1126-1/0a1b2c3d' });
  expect(await context.images(fleet)).toMatchObject([
    { imageId: result.imageId, name: result.name, recipe: result.recipe, state: 'available' },
  ]);
  expect(await context.images('another')).toEqual([]);
  expect(liveMachines()).toEqual([]);
  expect(cloud.emulator.calls).toContain('PutParameter');
});

test("image and snapshot have the operator's own tags, as their machine had", async () => {
  await bakeOnce(install);
  const { Images: [image] = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(image?.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'cost-center', Value: 'video' },
      { Key: 'bridges:fleet', Value: fleet },
    ]),
  );
  expect(image?.Tags?.map(({ Key }) => Key)).not.toContain('bridges:bake');
});

test('a launch names the image, and its machine boots from it', async () => {
  const { imageId } = await bakeOnce(install);
  const launch = new RunInstancesCommand({ ImageId: imageId, MinCount: 1, MaxCount: 1 });
  await ec2.send(launch);
  expect(cloud.machines.machines).toMatchObject([{ imageId, disk: 'kept' }]);
});

test('a failed installation terminates the machine and makes no image', async () => {
  const failing = bakeOnce((instanceId) =>
    cloud.machines.print(instanceId, 'jitsi-bridges: FAILED in stage install (exit 100)\n'),
  );
  await expect(failing).rejects.toThrow('FAILED in stage install');
  expect(await context.images(fleet)).toEqual([]);
  expect(liveMachines()).toEqual([]);
});

test('--remove: images and snapshots are gone, and EC2 launches from them no more', async () => {
  const { imageId } = await bakeOnce(install);
  const [image] = await context.images(fleet);
  expect(await unbake(context, fleet)).toEqual([imageId]);
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  expect(Images ?? []).toEqual([]);
  await expect(
    ec2.send(new DeleteSnapshotCommand({ SnapshotId: image?.snapshotIds[0] })),
  ).rejects.toThrow('does not exist');
  await expect(
    ec2.send(new RunInstancesCommand({ ImageId: imageId, MinCount: 1, MaxCount: 1 })),
  ).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  if (image !== undefined) await context.removeImage(image);
});
