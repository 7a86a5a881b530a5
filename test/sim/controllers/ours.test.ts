import { createController } from '../../../sim/controllers/ours';
import { runWeek } from '../../../sim/engine/run';
import { noFaults } from '../../../sim/engine/settings';
import { ordinaryMonday, workingWeek } from '../../../sim/workload/calendar';
import { defaultKnobs } from '../../../sim/workload/knobs';
import { makeWorkload } from '../../../sim/workload/workload';
import { worldOf } from '../worlds';
import { fleetOf, observationOf, optionsOf, start } from './observations';

test('ticks as the Lambda does and ends bridges itself', () => {
  const controller = createController(optionsOf());
  expect([controller.intervalSeconds, controller.endsBridges]).toEqual([60, true]);
});

test('launches when the bridges are full, and not again while the launch is under way', () => {
  const controller = createController(optionsOf());
  const full = fleetOf(3, 0.9);
  const [first] = controller.decide(observationOf(full, start));
  expect(first?.kind).toBe('launch');
  const count = first?.kind === 'launch' ? first.count : 0;
  const launchedIds = Array.from({ length: count }, (_, index) => `i-new${index}`);
  controller.onResults?.([{ isDone: true, launchedIds }]);
  const booting = launchedIds.map((id) => ({
    id,
    phase: 'booting' as const,
    launchedAt: start,
    weight: 1,
    zone: 'zone-1',
  }));
  const again = controller.decide(observationOf([...full, ...booting], start + 60));
  expect(again.filter(({ kind }) => kind === 'launch')).toEqual([]);
});

const workload = makeWorkload({
  seed: 2,
  knobs: { ...defaultKnobs, peakParticipants: 250 },
  envelope: workingWeek(),
  startAt: ordinaryMonday,
  historyWeeks: 2,
  peerToPeer: false,
  stressPerParticipant: 0.01,
});

test.each([
  ['reversible drain', {}],
  ['one-way drain', { isDrainReversible: false, placement: 'single' as const }],
  [
    'faults',
    {
      faults: {
        ...noFaults,
        neverReportShare: 0.3,
        metricsAbsent: [{ from: 120_000, to: 121_000 }],
      },
    },
  ],
])(
  'a week with %s: no forced disconnect, bridges start and stop, all launches end',
  (_, changes) => {
    const world = worldOf({ ...changes, min: 2, max: 30, bootSigma: 0.35 });
    const controller = createController({ ...optionsOf(), min: 2, max: 30 });
    const { ledger } = runWeek(workload, world, controller);
    expect(ledger.forcedDisconnects).toBe(0);
    expect(ledger.removedWithoutMetrics).toBe(0);
    expect(ledger.launches).toBeGreaterThan(0);
    expect(ledger.drains).toBeGreaterThan(0);
    // Far below what all launched bridges would cost if none ever ended.
    expect(ledger.bridgeSeconds).toBeLessThan(0.3 * 7 * 86_400 * (2 + ledger.launches));
  },
);
