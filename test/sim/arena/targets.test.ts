import { figuresOf, type Figures } from '../../../sim/results/figures';
import type { JobResult } from '../../../sim/arena/job';
import { summarize, type ScenarioSummary } from '../../../sim/arena/summary';
import { checkTargets } from '../../../sim/arena/targets';
import { scenarioTable, targetTable } from '../../../sim/arena/tables';
import { runWeek } from '../../../sim/engine/run';
import { crowd, script, workloadOf, worldOf } from '../worlds';

const idle = figuresOf(runWeek(workloadOf(crowd(10, 1, 0, 600)), worldOf(), script([])));

function figures(changes: Partial<Figures> = {}): Figures {
  return { ...idle, bridgeHours: 100, launches: 10, ...changes };
}

function resultOf(
  seed: number,
  ours: Partial<Figures>,
  rivals: Readonly<Record<string, Partial<Figures>>> = {},
): JobResult {
  const entries = Object.entries({ clairvoyant: {}, ours, ...rivals });
  return {
    job: { source: { id: 'S1' }, seed, names: [], controllerFiles: [] },
    figures: Object.fromEntries(entries.map(([name, changes]) => [name, figures(changes)])),
    fluidBoundHours: 80,
    peakParticipants: 1800,
  };
}

function summaryOf(id: string, ...results: readonly JobResult[]): ScenarioSummary {
  return summarize({ id, title: id }, results);
}

const verdictOf = (summary: ScenarioSummary, quantity: string) =>
  checkTargets([summary]).find((row) => row.quantity === quantity)?.verdict;

test('figures of an idle week with ten people for ten minutes', () => {
  expect(idle).toMatchObject({
    overloadShare: 0,
    bridgeHours: 168,
    launches: 0,
    timeToCapacityEpisodes: 0,
    timeToCapacityP95Seconds: 0,
    underTimesharePercent: 0,
    overTimesharePercent: 0,
  });
});

test('a summary averages ratios per seed, sums disconnects and pools episodes', () => {
  const summary = summaryOf(
    'S1',
    resultOf(1, { bridgeHours: 110, forcedDisconnects: 1, shortages: [10] }),
    resultOf(2, { bridgeHours: 130, forcedDisconnects: 2, shortages: [20, 30] }),
  );
  const ours = summary.controllers.find(({ name }) => name === 'ours');
  expect(ours).toMatchObject({
    forcedDisconnects: 3,
    bridgeHours: 120,
    timeToCapacityEpisodes: 3,
    timeToCapacityMaxSeconds: 30,
  });
  expect(ours?.bridgeHoursOverClairvoyant).toBeCloseTo(1.2, 9);
  expect(ours?.timeToCapacityP95Seconds).toBeCloseTo(29, 9);
  expect(scenarioTable(summary)).toContain('| 1.20 (1.10–1.30) |');
});

test.each<readonly [string, string, string, Partial<Figures>, 'stretch' | 'must' | 'missed']>([
  ['no disconnect', 'S1', 'forced disconnects, S1', {}, 'stretch'],
  ['one disconnect', 'S1', 'forced disconnects, S1', { forcedDisconnects: 1 }, 'missed'],
  ['little overload', 'S1', 'OPM > 0.8, S1', { overloadShare: 0.0001 }, 'must'],
  ['too much overload', 'S1', 'OPM > 0.8, S1', { overloadShare: 0.0003 }, 'missed'],
  ['cheap', 'S1', 'bridge-hours / C*, S1', { bridgeHours: 110 }, 'stretch'],
  ['dear', 'S1', 'bridge-hours / C*, S1', { bridgeHours: 126 }, 'missed'],
  ['more is allowed elsewhere', 'S8', 'bridge-hours / C*, S8', { bridgeHours: 126 }, 'must'],
  ['launches', 'S1', 'launches / C*, S1', { launches: 17 }, 'missed'],
  ['slow to capacity', 'S1', 'time to capacity p95, S1', { shortages: [31] }, 'missed'],
  ['slower when cold', 'S7', 'time to capacity p95, S7', { shortages: [250] }, 'must'],
  [
    'removed in the dark',
    'S9',
    'capacity removed because of missing metrics, S9',
    { removedWithoutMetrics: 1 },
    'missed',
  ],
])('target: %s', (_, id, quantity, ours, verdict) => {
  expect(verdictOf(summaryOf(id, resultOf(1, ours)), quantity)).toBe(verdict);
});

test('against a rival we must be within its limit of overload ourselves', () => {
  const quantity = 'hours / HPA, S1, both at OPM ≤ 0.1 %';
  const against = (overloadShare: number) =>
    summaryOf(
      'S1',
      resultOf(1, { bridgeHours: 120, overloadShare }, { hpa: { bridgeHours: 200 } }),
    );
  expect(verdictOf(against(0.0009), quantity)).toBe('stretch');
  expect(verdictOf(against(0.0011), quantity)).toBe('missed');
});

test('in S13 a static fleet is the measure', () => {
  const summary = summaryOf(
    'S13',
    resultOf(1, { overloadShare: 0.11, bridgeHours: 55 }, { static: { overloadShare: 0.1 } }),
  );
  expect(verdictOf(summary, 'OPM / static, S13')).toBe('must');
  expect(verdictOf(summary, 'hours / static, S13')).toBe('must');
});

test('a miss is printed as one', () => {
  const rows = checkTargets([summaryOf('S1', resultOf(1, { overloadShare: 0.5 }))]);
  expect(targetTable(rows)).toContain(
    '| OPM > 0.8, S1 | ≤ 0.0200 % | ≤ 0.0050 % | 50.0000 % | **missed** |',
  );
});
