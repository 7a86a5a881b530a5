import { invisibleSeconds } from '../../../../lambdas/core/plan/boot-watch';
import { refusalSeconds } from '../../../../lambdas/core/plan/launch';
import type { LaunchOutcome } from '../../../../lambdas/core/model/launch-outcome';
import { rememberLaunch } from '../../../../lambdas/core/plan/remember-launch';
import type { LaunchRequest } from '../../../../lambdas/core/model/action';
import { idOf, memoryOf, now } from '../snapshots';

const request: LaunchRequest = {
  token: 't',
  orderedAt: now,
  launchTemplateId: 'lt-1',
  launchTemplateVersion: '1',
  onDemandCount: 2,
  spotCount: 0,
  instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
  subnetIds: ['subnet-a'],
  excludedPools: [],
  imageId: 'ami-1',
};
const old = { pool: 'c6i.xlarge/subnet-b', market: 'on-demand' as const, until: now + 5 };
const memory = memoryOf({
  pendingLaunch: {
    ...request,
    instanceTypes: [...request.instanceTypes],
    subnetIds: [],
    excludedPools: [],
  },
  booting: { [idOf(1)]: 5 },
  refusals: [old, { ...old, pool: 'c6i.xlarge/subnet-c', until: now }],
});
const refusal = {
  instanceType: 'c6i.xlarge',
  subnetId: 'subnet-a',
  market: 'on-demand' as const,
  code: 'InsufficientInstanceCapacity',
  message: '',
};

test('what was launched boots, and the request is settled', () => {
  const launched = [
    { instanceId: idOf(2), instanceType: 'c6i.xlarge', market: 'on-demand' as const },
  ];
  const outcome = { status: 'answered', launched, refusals: [] } as const;
  expect(rememberLaunch(memory, request, outcome, now)).toEqual({
    ...memory,
    pendingLaunch: undefined,
    launches: [{ token: 't', at: now, count: 1 }],
    booting: { [idOf(1)]: 5, [idOf(2)]: now },
    refusals: [old],
  });
});

test('instances that an order is answered with later count too, never more than were ordered', () => {
  const launched = [1, 2].map((index) => ({
    instanceId: idOf(index),
    instanceType: 'c6i.xlarge',
    market: 'on-demand' as const,
  }));
  const after = (counts: readonly number[]) =>
    counts.reduce((known, count) => {
      const outcome = {
        status: 'answered',
        launched: launched.slice(0, count),
        refusals: [refusal],
      };
      return rememberLaunch(known, request, outcome as never, now);
    }, memory).launches;
  expect(after([1, 1])).toEqual([{ token: 't', at: now, count: 2 }]);
  expect(after([2, 1])).toEqual([{ token: 't', at: now, count: 2 }]);
  expect(after([0])).toEqual([]);
});

test('pools that refused are left out for a while, the newest time counts', () => {
  const again = { ...refusal, subnetId: 'subnet-b' };
  const unnamed = { market: 'spot' as const, code: 'Unknown', message: '' };
  const refusals = [refusal, again, unnamed];
  const outcome = { status: 'answered', launched: [], refusals } as const;
  const until = now + refusalSeconds;
  expect(rememberLaunch(memory, request, outcome, now).refusals).toEqual([
    { pool: 'c6i.xlarge/subnet-a', market: 'on-demand', until },
    { pool: 'c6i.xlarge/subnet-b', market: 'on-demand', until },
  ]);
});

const gone = "The image id '[ami-1]' does not exist";

test.each([
  ['as a whole', { status: 'refused', code: 'InvalidAMIID.NotFound', message: gone } as const],
  [
    'by its pools',
    {
      status: 'answered',
      launched: [],
      refusals: [{ ...refusal, code: 'InvalidAMIID.Unavailable', message: gone }],
    } as const,
  ],
])('an image that EC2 refuses %s is not used again', (_name, outcome) => {
  expect(rememberLaunch(memory, request, outcome, now).refusedImage).toBe('ami-1');
});

test.each([
  'VcpuLimitExceeded',
  'MaxSpotInstanceCountExceeded',
  'UnauthorizedOperation',
  'UnfulfillableCapacity',
  'Unknown',
])('%s says nothing about its pool, which stays', (code) => {
  const refusals = [{ ...refusal, code }];
  const outcome = { status: 'answered', launched: [], refusals } as const;
  const after = rememberLaunch(memory, request, outcome, now);
  expect(after.refusals).toEqual([old]);
  expect(after.refusedImage).toBeUndefined();
});

test('an answer with nothing in it leaves the launch pending until EC2 would list what it made', () => {
  const outcome = { status: 'answered', launched: [], refusals: [] } as const;
  expect(rememberLaunch(memory, request, outcome, now + 179)).toEqual({
    ...memory,
    refusals: [],
  });
  expect(rememberLaunch(memory, request, outcome, now + 180).pendingLaunch).toBeUndefined();
});

const spotInstance = (index: number) => ({
  instanceId: idOf(index),
  instanceType: 'c6i.xlarge',
  market: 'spot' as const,
});

test.each([
  ['is short when it gives less than asked for', 2, [spotInstance(1)], now + refusalSeconds],
  ['is there again when it gives all', 1, [spotInstance(1)], undefined],
  ['is as it was when none is asked for', 0, [], now + 7],
])('spot %s', (_name, spotCount, launched, spotShortUntil) => {
  const before = memoryOf({ spotShortUntil: now + 7 });
  const answer = { status: 'answered', launched, refusals: [refusal] } as const;
  const after = rememberLaunch(before, { ...request, spotCount }, answer, now);
  expect(after.spotShortUntil).toBe(spotShortUntil);
});

test('a request that is refused for something else keeps its image', () => {
  const outcome = { status: 'refused', code: 'InvalidSubnetID.NotFound', message: '' } as const;
  const after = rememberLaunch(memory, request, outcome, now);
  expect(after).toEqual({ ...memory, pendingLaunch: undefined });
});

test.each<[string, LaunchOutcome]>([
  [
    'a part that says nothing',
    {
      status: 'answered',
      launched: [{ instanceId: idOf(2), instanceType: 'c6i.xlarge', market: 'on-demand' }],
      refusals: [],
      silentParts: 1,
    },
  ],
  [
    'a part whose token EC2 knows otherwise',
    {
      status: 'answered',
      launched: [{ instanceId: idOf(2), instanceType: 'c6i.xlarge', market: 'on-demand' }],
      refusals: [{ market: 'on-demand', code: 'IdempotentParameterMismatch', message: '' }],
    },
  ],
])('%s leaves the order open until EC2 would list what it made', (_name, outcome) => {
  const open = rememberLaunch(memory, request, outcome, now + invisibleSeconds - 1);
  expect(open.pendingLaunch).toEqual(memory.pendingLaunch);
  expect(open.booting).toHaveProperty(idOf(2));
  const over = rememberLaunch(memory, request, outcome, now + invisibleSeconds);
  expect(over.pendingLaunch).toBeUndefined();
});

test('a token that EC2 knows otherwise leaves the order open, any other refusal does not', () => {
  const refused = (code: string) =>
    rememberLaunch(memory, request, { status: 'refused', code, message: '' }, now).pendingLaunch;
  expect(refused('IdempotentParameterMismatch')).toEqual(memory.pendingLaunch);
  expect(refused('InvalidParameterValue')).toBeUndefined();
});
