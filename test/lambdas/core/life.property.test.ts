import { describeReason } from '../../../lambdas/core/words/describe-reason';
import fc from 'fast-check';
import { decide, type Decision } from '../../../lambdas/core/decide';
import { parseMemory } from '../../../lambdas/core/model/memory';
import type { Policy } from '../../../lambdas/core/model/policy';
import type { Generation } from '../../../lambdas/core/protocol/generation';
import { problemsOf } from './life-checks';
import { lifeMinute, type LifeMinute } from './life-events';
import { ModelWorld } from './model-world';
import { policyOf } from './snapshots';

/**
 * Whole random lives of a fleet, with faults: the real `decide` in a model world, minute by
 * minute. The same seed is the same lives; `LIFE_SEED=7 LIFE_RUNS=1000 npx jest life.property`
 * lives others, and a failure prints the shortest life that fails.
 */
const seed = Number(process.env['LIFE_SEED'] ?? 20_261_122);
const numRuns = Number(process.env['LIFE_RUNS'] ?? 200);

/**
 * Minutes after the last fault in which the fleet must come to rest: every time-out, block and
 * override is over by then.
 */
const settlingMinutes = 120;
const restMinutes = 40;

const policyArbitrary: fc.Arbitrary<Policy> = fc
  .record({
    min: fc.integer({ min: 1, max: 3 }),
    spread: fc.integer({ min: 0, max: 9 }),
    surge: fc.constantFrom(0, 0, 2),
    headroomFactor: fc.constantFrom(0, 1.15),
    forecast: fc.constantFrom('off', 'on'),
    scaleInPatienceSeconds: fc.constantFrom(60, 300),
  } as const)
  .map(({ min, spread, ...rest }) => policyOf({ ...rest, min, max: min + spread }));

const life = fc.record({
  generation: fc.constantFrom<Generation>('component', 'muc'),
  policy: policyArbitrary,
  minutes: fc.array(lifeMinute, { maxLength: 60, size: 'max' }),
  finalLoad: fc.integer({ min: 0, max: 50 }).map((tenths) => tenths / 10),
});

test(`no life breaks an invariant, and each comes to rest at the right size (seed ${seed})`, () => {
  fc.assert(
    fc.property(life, ({ generation, policy, minutes, finalLoad }) => {
      const world = new ModelWorld(generation, policy);
      for (const minute of minutes) live(world, policy, minute);
      world.heal();
      const calm = { load: finalLoad, events: [] };
      for (let minute = 0; minute < settlingMinutes; minute += 1) live(world, policy, calm);
      const settled = world.hosts.map(({ id }) => id);
      for (let minute = 0; minute < restMinutes; minute += 1)
        expect(live(world, policy, calm).actions).toEqual([]);
      expect(world.hosts.map(({ id }) => id)).toEqual(settled);
      expectAtRest(world, policy, finalLoad);
    }),
    { seed, numRuns },
  );
});

/** One minute, with everything that must hold in it. */
function live(world: ModelWorld, policy: Policy, minute: LifeMinute): Decision {
  world.pass(minute);
  const snapshot = world.observe();
  const decision = decide(snapshot, policy, parseMemory(world.memoryText).memory);
  const problems = problemsOf(decision, snapshot, policy);
  world.execute(decision, snapshot);
  const all = [...problems, ...world.violations];
  if (all.length > 0)
    throw new Error(`${all.join('; ')} (${decision.reasons.map(describeReason).join('; ')})`);
  return decision;
}

/** The right size, nothing under way, nothing left behind. */
function expectAtRest(world: ModelWorld, policy: Policy, load: number): void {
  const { memory } = parseMemory(world.memoryText);
  expect(memory).toMatchObject({ booting: {}, repairs: {}, undrainedAt: {} });
  expect(memory.pendingLaunch).toBeUndefined();
  for (const host of world.hosts) {
    expect(host).toMatchObject({ state: 'running', drains: false, isMute: false });
    expect(host.drain).toBeUndefined();
    expect(host.suspectSince).toBeUndefined();
  }
  const enough = Math.min(policy.max, Math.max(policy.min, Math.ceil(load / 0.6 - 1e-9)));
  if (policy.forecast === 'off' && policy.headroomFactor === 0)
    expect(world.hosts.length).toBe(enough);
  else expect(world.hosts.length).toBeGreaterThanOrEqual(enough);
}
