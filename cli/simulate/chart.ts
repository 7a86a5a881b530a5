import { roundTicks, type Tick } from '../../sim/chart/axis';
import { drawChart } from '../../sim/chart/chart';
import type { Ink } from '../../sim/chart/inks';
import type { Point, Series } from '../../sim/chart/series';
import type { Simulation } from './report';

const binSeconds = 300;
const hourSeconds = 3600;
const daySeconds = 86_400;
/** More labels than this would run into each other. */
const mostTicks = 9;

/** Part of the scored time, as 5-minute bins. */
export interface Stretch {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** The whole scored time. */
export function wholeOf({ curves }: Simulation): Stretch {
  return { title: 'The scored time', from: 0, to: curves.load.length };
}

/** The day (UTC) with the highest load; undefined when there is no more than one. */
export function busiestDayOf({ curves }: Simulation): Stretch | undefined {
  const { startAt, load } = curves;
  if (load.length <= (1.5 * daySeconds) / binSeconds) return undefined;
  const peak = load.indexOf(Math.max(...load));
  const midnight = Math.floor((startAt + peak * binSeconds) / daySeconds) * daySeconds;
  const bin = (at: number) => Math.min(load.length, Math.max(0, (at - startAt) / binSeconds));
  return {
    title: `The busiest day, ${new Date(midnight * 1000).toUTCString().slice(0, 16)}`,
    from: Math.floor(bin(midnight)),
    to: Math.ceil(bin(midnight + daySeconds)),
  };
}

/** By the name of the controller. What only serves as a measure is dashed. */
const looks: Readonly<Record<string, readonly [Ink, Series['shape']]>> = {
  recorded: ['grey', 'dashed-steps'],
  static: ['green', 'dashed-steps'],
  current: ['blue', 'steps'],
  changed: ['vermilion', 'steps'],
};

/**
 * Load as an area and the bridges of each as lines, over a stretch of the scored time, as SVG for
 * light and dark.
 */
export function chart({ report, curves }: Simulation, { title, from, to }: Stretch): string {
  const timeOf = (bin: number) => curves.startAt + bin * binSeconds;
  const load = curves.load.slice(from, to);
  const lines = report.controllers.map((controller, index): Series => {
    const [ink, shape] = looks[controller.name] ?? ['purple', 'steps'];
    const values = (curves.bridges[index] ?? []).slice(from, to);
    const points = values.map((value, bin): Point => [timeOf(from + bin), value]);
    const end: readonly Point[] = values.length === 0 ? [] : [[timeOf(to), values.at(-1) ?? 0]];
    return { name: `bridges: ${controller.title}`, ink, shape, points: [...points, ...end] };
  });
  const values = [...load, ...lines.flatMap(({ points }) => points.map(([, value]) => value))];
  const most = 1.05 * values.reduce((high, value) => Math.max(high, value), 1);
  return drawChart({
    title,
    x: { from: timeOf(from), to: timeOf(to), ticks: timeTicks(timeOf(from), timeOf(to)) },
    y: { from: 0, to: most, ticks: roundTicks(0, most) },
    series: [
      {
        name: 'load, in full bridges',
        ink: 'mist',
        shape: 'area',
        points: load.map((value, bin): Point => [timeOf(from + bin + 0.5), value]),
      },
      ...lines,
    ],
    legend: 'above',
    size: { width: 960, height: 350 },
    paper: 'page',
  });
}

function timeTicks(from: number, to: number): readonly Tick[] {
  const days = (to - from) / daySeconds;
  const isLong = days > 2;
  const step = isLong
    ? Math.ceil(days / mostTicks) * daySeconds
    : Math.ceil((24 * days) / mostTicks) * hourSeconds;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.ceil((to - first) / step));
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * step;
    const date = new Date(at * 1000);
    return [at, isLong ? date.toUTCString().slice(0, 11) : date.toISOString().slice(11, 16)];
  });
}
