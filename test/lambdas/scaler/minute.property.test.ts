import fc from 'fast-check';

import { envOf } from './fake-world';
import { playMinutes, type Phases } from './phases';

/** Fewer bridges always suffice: whatever keeps the fleet from shrinking is the data. */
const env = envOf({ min: 1, max: 9, scaleInPatienceSeconds: 1 });
const minutes = 6;
/** Minutes until collector and schedule have found each other. */
const warmUp = 2;

const second = fc.integer({ min: 0, max: 59 });
const anyPhases: fc.Arbitrary<Phases> = fc.record({
  collector: second,
  scaler: second,
  delay: fc.integer({ min: 2, max: 20 }),
  window: fc.integer({ min: 6, max: 12 }),
});

async function checkPhases(phases: Phases): Promise<void> {
  const { decisions, skipped } = await playMinutes(phases, env, minutes);
  const settled = decisions.slice(warmUp);
  expect(settled.length).toBeGreaterThanOrEqual(minutes - warmUp - 2);
  expect(settled.filter(({ isHeld }) => isHeld)).toEqual([]);
  expect(settled.filter(({ trigger }) => trigger !== 'collector')).toEqual([]);
  expect(Math.max(...settled.map(({ trueAgeSeconds }) => trueAgeSeconds))).toBeLessThanOrEqual(
    phases.delay + 3,
  );
  // Every start decided or said that it need not; and one minute of data is one decision.
  expect(decisions.length + skipped).toBe(2 * minutes);
  const gaps = settled.slice(1).map(({ at }, index) => at - (settled[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThan(55);
}

test('the phases of the two schedules and the delay of CloudWatch never hold scale-in', async () => {
  await fc.assert(fc.asyncProperty(anyPhases, checkPhases), { numRuns: 300 });
});

test('… at every pair of phases', async () => {
  for (let collector = 0; collector < 60; collector++)
    for (let scaler = 0; scaler < 60; scaler++)
      await checkPhases({ collector, scaler, delay: 2 + ((collector + scaler) % 19), window: 8 });
});

test('by the schedule alone, as when the word of the collector gets lost, some phases would hold it', async () => {
  const held: Phases[] = [];
  for (let collector = 0; collector < 60; collector += 5)
    for (let scaler = 0; scaler < 60; scaler += 5) {
      const phases = { collector, scaler, delay: 20, window: 8 };
      const { decisions } = await playMinutes(phases, env, minutes, 'lost');
      expect(decisions).toHaveLength(minutes);
      if (decisions.slice(warmUp).every(({ isHeld }) => isHeld)) held.push(phases);
    }
  expect(held.length).toBeGreaterThan(0);
});
