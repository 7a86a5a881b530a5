import type { ControllerSummary, ScenarioSummary } from './summary';
import type { TargetResult } from './targets';

const columns: readonly (readonly [string, (controller: ControllerSummary) => string])[] = [
  ['controller', ({ title }) => title],
  ['forced', ({ forcedDisconnects }) => String(forcedDisconnects)],
  ['OPM > 0.8', (c) => `${percent(c.overloadShare)} ${interval(c, 'overloadShare', 100, 3)}`],
  ['OPM > 1', ({ overloadShareAt1 }) => percent(overloadShareAt1)],
  ['bridge-hours', ({ bridgeHours }) => bridgeHours.toFixed(0)],
  [
    '/ C*',
    (c) =>
      `${c.bridgeHoursOverClairvoyant.toFixed(2)} ${interval(c, 'bridgeHoursOverClairvoyant', 1, 2)}`,
  ],
  ['launches', ({ launches }) => launches.toFixed(0)],
  ['/ C*', ({ launchesOverClairvoyant }) => launchesOverClairvoyant.toFixed(2)],
  ['to capacity: n', ({ timeToCapacityEpisodes }) => String(timeToCapacityEpisodes)],
  ['p95', ({ timeToCapacityP95Seconds }) => `${timeToCapacityP95Seconds.toFixed(0)} s`],
  ['max', ({ timeToCapacityMaxSeconds }) => `${timeToCapacityMaxSeconds.toFixed(0)} s`],
  ['drain h', ({ drainHours }) => drainHours.toFixed(0)],
  ['undrains', ({ undrains }) => undrains.toFixed(0)],
  [
    'settings',
    ({ settings }) =>
      Object.entries(settings)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
  ],
];

const elasticityColumns: readonly (readonly [string, (controller: ControllerSummary) => string])[] =
  [
    ['controller', ({ title }) => title],
    ['θU %', (c) => c.underAccuracyPercent.toFixed(2)],
    ['θO %', (c) => c.overAccuracyPercent.toFixed(1)],
    ['τU %', (c) => c.underTimesharePercent.toFixed(2)],
    ['τO %', (c) => c.overTimesharePercent.toFixed(1)],
    ['instability %', (c) => c.instabilityPercent.toFixed(1)],
    ['jitter / h', (c) => c.jitterPerHour.toFixed(2)],
    [
      'decide mean / p99 ms',
      (c) => `${c.decideMillisecondsMean.toFixed(3)} / ${c.decideMillisecondsP99.toFixed(2)}`,
    ],
  ];

export function scenarioTable({ controllers }: ScenarioSummary): string {
  return table(columns, controllers);
}

export function elasticityTable({ controllers }: ScenarioSummary): string {
  return table(elasticityColumns, controllers);
}

export function targetTable(results: readonly TargetResult[]): string {
  return table(
    [
      ['quantity', ({ quantity }) => quantity],
      ['must', ({ must }) => must],
      ['stretch', ({ stretch }) => stretch],
      ['value', ({ value }) => value],
      ['', ({ verdict }) => (verdict === 'missed' ? '**missed**' : `reached (${verdict})`)],
    ],
    results,
  );
}

function table<Row>(
  shown: readonly (readonly [string, (row: Row) => string])[],
  rows: readonly Row[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(shown.map(([title]) => title)),
    line(shown.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map((row) => line(shown.map(([, cell]) => cell(row)))),
  ].join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(4)} %`;
}

function interval(
  { intervals }: ControllerSummary,
  key: string,
  factor: number,
  digits: number,
): string {
  const estimate = intervals[key];
  if (estimate === undefined) return '';
  return `(${(factor * estimate.low).toFixed(digits)}–${(factor * estimate.high).toFixed(digits)})`;
}
