import { EC2Client } from '@aws-sdk/client-ec2';

import { launchBridges } from '../../../../lambdas/adapters/aws/create-fleet';
import { describeBridges } from '../../../../lambdas/adapters/aws/ec2';
import type { Behaviour } from '../../../../local/aws/behaviour';
import { localNetwork } from '../../../../local/aws/ec2/network';
import { decide } from '../../../../lambdas/core/decide';
import { emptyMemory, type Memory } from '../../../../lambdas/core/model/memory';
import { rememberLaunch } from '../../../../lambdas/core/plan/remember-launch';
import type { LaunchRequest } from '../../../../lambdas/core/model/action';
import { policyOf, snapshotOf } from '../../../lambdas/core/snapshots';
import { startTestCloud, templateId, type TestCloud } from '../fakes';

const subnetIds = localNetwork.subnets.map(({ subnetId }) => subnetId);
const launch = {
  ...snapshotOf([]).launch,
  launchTemplateId: templateId,
  launchTemplateVersion: '3',
  subnetIds,
};

let cloud: TestCloud;
let ec2: EC2Client;

async function start(behaviour: Partial<Behaviour> = {}): Promise<void> {
  cloud = await startTestCloud(undefined, { behaviour });
  ec2 = new EC2Client(cloud.client);
}

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

const now = 1_800_000_000;

/** What the scaler orders when it wants `count` bridges and has what EC2 lists. */
async function orderOf(count: number, memory: Memory) {
  const instances = await describeBridges(ec2, 'test');
  const bridges = instances.map(({ tags, ...bridge }) => ({
    ...bridge,
    weight: 1,
    registered: false,
    launchToken: tags['bridges:launch'] ?? '',
    launchedAt: now,
    reports: [],
    everReported: false,
  }));
  const seen = snapshotOf(bridges, { now, launch });
  const decision = decide(seen, policyOf({ min: count, max: 20 }), memory);
  const [action] = decision.actions.filter(({ kind }) => kind === 'launch');
  const request = action?.kind === 'launch' ? action.request : undefined;
  return { request, memory: decision.memory };
}

async function sent(request: LaunchRequest | undefined) {
  if (request === undefined) throw new Error('nothing was ordered');
  return launchBridges(ec2, 'test', request);
}

/** Running bridges in each zone, in the order of the config. */
async function zones(): Promise<readonly number[]> {
  const bridges = await describeBridges(ec2, 'test');
  return subnetIds.map((id) => bridges.filter(({ subnetId }) => subnetId === id).length);
}

it('nine in one order come to three, three, three', async () => {
  await start();
  await sent((await orderOf(9, emptyMemory)).request);
  expect(await zones()).toEqual([3, 3, 3]);
});

it('nine one by one come to three, three, three', async () => {
  await start();
  let memory = emptyMemory;
  for (let count = 1; count <= 9; count++) {
    const ordered = await orderOf(count, memory);
    const outcome = await sent(ordered.request);
    memory = rememberLaunch(ordered.memory, ordered.request as LaunchRequest, outcome, now);
  }
  expect(await zones()).toEqual([3, 3, 3]);
});

it.each(['listed', 'empty'] as const)(
  'an order that is repeated is launched once, when repeats are answered %s',
  async (repeatedLaunch) => {
    await start({ repeatedLaunch });
    const ordered = await orderOf(9, emptyMemory);
    await sent(ordered.request);
    const again = await sent(ordered.request);
    const memory = rememberLaunch(ordered.memory, ordered.request as LaunchRequest, again, now);
    expect(await zones()).toEqual([3, 3, 3]);
    expect((await orderOf(9, memory)).request).toBeUndefined();
  },
);

it('a zone without capacity is made up for by the others', async () => {
  await start();
  cloud.gateway.faults.capacity = ({ availabilityZone }) =>
    availabilityZone.endsWith('b') ? 'InsufficientInstanceCapacity' : undefined;
  const ordered = await orderOf(9, emptyMemory);
  const outcome = await sent(ordered.request);
  const counts = await zones();
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(9);
  expect(counts).toContain(0);
  expect(outcome).toMatchObject({ refusals: [{ code: 'InsufficientInstanceCapacity' }] });
});
