import fc from 'fast-check';
import { memoryLimitBytes, parseMemory } from '../../../lambdas/core/model/memory';
import { invisibleSeconds } from '../../../lambdas/core/plan/boot-watch';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { Crash, envOf, FakeWorld } from './fake-world';

/** EC2 lists an instance so many seconds after its launch; all differ. */
interface LateLists {
  readonly size: number;
  readonly delays: readonly number[];
  /** Seconds from tick to tick. */
  readonly pauses: readonly number[];
  /** Of the first orders, what EC2 launches of each; the rest has no capacity. */
  readonly shares: readonly number[];
  /** Calls after which the process dies, in the ticks that have one. */
  readonly crashes: readonly (number | undefined)[];
}

const lateLists: fc.Arbitrary<LateLists> = fc.record({
  size: fc.constantFrom(1, 40, 119, 300, 1000),
  delays: fc.array(fc.integer({ min: 0, max: invisibleSeconds - 1 }), {
    minLength: 1,
    maxLength: 20,
  }),
  pauses: fc.array(fc.integer({ min: 1, max: 75 }), { minLength: 1, maxLength: 8 }),
  shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  crashes: fc.array(fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }), {
    minLength: 1,
    maxLength: 6,
  }),
});

/** Ticks until every instance is listed for long; the world, and how many ran at most. */
async function live({ size, delays, pauses, shares, crashes }: LateLists) {
  const world = new FakeWorld();
  const env = envOf({ min: size, max: size, bootTimeoutSeconds: 3600 });
  const open = [...shares];
  world.answerLaunch = (request) => {
    const share = open.shift() ?? 1;
    const asked = request.onDemandCount;
    const answer = world.launchAll(request, Math.floor(asked * share));
    const refusal = {
      ...{ instanceType: 'c6i.xlarge', subnetId: 'subnet-a', market: 'on-demand' as const },
      ...{ code: 'InsufficientInstanceCapacity', message: '' },
    };
    return share === 1 || answer.status === 'refused' ? answer : { ...answer, refusals: [refusal] };
  };
  let most = 0;
  let longest = 0;
  for (let tick = 0; tick < 30; tick++) {
    world.now += pauses[tick % pauses.length] ?? 60;
    world.callsUntilCrash = tick < 12 ? (crashes[tick % crashes.length] ?? Infinity) : Infinity;
    const { instances, ...ports } = world.ports();
    const describe = async () =>
      (await instances.describe()).filter(({ launchedAt }, index) => {
        const delay = delays[index % delays.length] ?? 0;
        return world.now - launchedAt >= delay;
      });
    await runScaler({ ...ports, instances: { ...instances, describe } }, env, {}).catch(
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      },
    );
    most = Math.max(most, world.instances.size);
    longest = Math.max(longest, Buffer.byteLength(world.memory?.text ?? ''));
  }
  return { world, most, longest };
}

test('I3: with lists that are late, up to 1 000 at once are never one too many, nor too few', async () => {
  await fc.assert(
    fc.asyncProperty(lateLists, async (lists) => {
      const { world, most, longest } = await live(lists);
      expect(most).toBeLessThanOrEqual(lists.size);
      expect(longest).toBeLessThanOrEqual(memoryLimitBytes);
      // With room for a tick in every minute of the time that capacity and lists need.
      if (lists.pauses.every((pause) => pause > 40)) expect(world.instances.size).toBe(lists.size);
    }),
    { numRuns: 60 },
  );
});

test('a thousand booting bridges leave room for the decision record', async () => {
  const size = 1000;
  const { world } = await live({
    ...{ size, delays: [170], pauses: [30] },
    ...{ shares: [], crashes: [undefined] },
  });
  expect(world.instances.size).toBe(size);
  expect(parseMemory(world.memory?.text).memory.lastDecision).toBeDefined();
});
