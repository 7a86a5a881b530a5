import { roundTicks } from '../chart/axis';
import { drawChart } from '../chart/chart';
import type { Ink } from '../chart/inks';
import type { Series } from '../chart/series';
import type { Sample } from '../engine/run';
import { day } from '../workload/calendar';
import type { ScenarioSummary } from './summary';
import type { SweepPoint } from './tuning';

const size = { width: 860, height: 420 } as const;
const legendWidth = 230;

/** As many as there are controllers. */
const inks: readonly Ink[] = [
  'black',
  'vermilion',
  'blue',
  'green',
  'purple',
  'orange',
  'sky',
  'grey',
  'brown',
];

const inkOf = (index: number): Ink => inks[index % inks.length] ?? 'black';

/** Overload above this is drawn at the top. */
const mostOverload = 0.02;

/**
 * Overload against bridge-hours: one line per controller through the settings of its sweep that no
 * other beats, a large dot for what was scored. The overload axis is a square root, so that 0 and
 * 0.1 % both are on it.
 */
export function frontPlot(
  summary: ScenarioSummary,
  sweeps: Readonly<Record<string, readonly SweepPoint[]>>,
): string {
  const { controllers } = summary;
  const fronts = controllers.map(({ name }) => frontOf(sweeps[name] ?? []));
  const scored = controllers.map(({ bridgeHours }) => bridgeHours);
  const tried = fronts.flatMap((front) => front.map(({ bridgeHours }) => bridgeHours));
  const low = 0.95 * Math.min(...scored, ...tried);
  const high = 1.03 * Math.max(...scored);
  const placeOf = ({ bridgeHours, overloadShare }: Omit<SweepPoint, 'settings'>) =>
    [bridgeHours, Math.min(overloadShare, mostOverload)] as const;
  return drawChart({
    title: `${summary.scenario}: overload against cost`,
    x: { from: low, to: high, ticks: roundTicks(low, high), title: 'bridge-hours in the week' },
    y: {
      from: 0,
      to: mostOverload,
      scale: 'square-root',
      ticks: [0, 0.0002, 0.001, 0.0025, 0.005, 0.01, 0.02].map((value) => [
        value,
        `${+(100 * value).toFixed(2)} %`,
      ]),
      title: 'OPM > 0.8 (2 % and more at the top)',
    },
    series: controllers.map((controller, index): Series => ({
      name: controller.name,
      ink: inkOf(index),
      shape: 'dots',
      points: (fronts[index] ?? []).filter(({ bridgeHours }) => bridgeHours <= high).map(placeOf),
      emphasis: placeOf(controller),
    })),
    legend: legendWidth,
    size,
    paper: 'white',
  });
}

/** Settings that no other setting beats in both, cheapest first. */
export function frontOf(points: readonly SweepPoint[]): readonly SweepPoint[] {
  return points
    .filter(
      (point) =>
        !points.some(
          (other) =>
            other.bridgeHours <= point.bridgeHours &&
            other.overloadShare <= point.overloadShare &&
            (other.bridgeHours < point.bridgeHours || other.overloadShare < point.overloadShare),
        ),
    )
    .sort((a, b) => a.bridgeHours - b.bridgeHours);
}

/** Bridges that take conferences over one day, and what the participants need. */
export function dayPlot(
  id: string,
  lines: readonly { readonly name: string; readonly samples: readonly Sample[] }[],
  dayNumber: number,
): string {
  const from = dayNumber * day;
  const within = (samples: readonly Sample[]) =>
    samples.filter(({ at }) => at >= from && at < from + day);
  const series: readonly Series[] = [
    {
      name: 'participants / 80',
      ink: 'mist',
      shape: 'area',
      points: within(lines[0]?.samples ?? []).map(({ at, participants }) => [
        at,
        participants / 80,
      ]),
    },
    ...lines.map(({ name, samples }, index): Series => ({
      name,
      ink: inkOf(index),
      shape: 'steps',
      points: within(samples).map(({ at, active }) => [at, active]),
    })),
  ];
  const values = series.flatMap(({ points }) => points.map(([, value]) => value));
  const most = 1.05 * Math.max(4, ...values);
  return drawChart({
    title: `${id}: one day`,
    x: {
      from,
      to: from + day,
      ticks: [0, 4, 8, 12, 16, 20, 24].map((hours) => [from + hours * 3600, `${hours}:00`]),
      title: 'Tuesday, seed 1 (UTC)',
    },
    y: { from: 0, to: most, ticks: roundTicks(0, most), title: 'active bridges' },
    series,
    legend: legendWidth,
    size,
    paper: 'white',
  });
}
