import type { Sample } from '../engine/run';
import { day } from '../workload/calendar';
import type { ScenarioSummary } from './summary';
import type { SweepPoint } from './tuning';

const size = { width: 860, height: 420, left: 60, right: 230, top: 36, bottom: 46 } as const;
/** Okabe and Ito's palette, which the colour-blind can tell apart. */
const colors = [
  '#000000',
  '#d55e00',
  '#0072b2',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#7f7f7f',
  '#8b5a2b',
];

interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  readonly title: string;
}

/**
 * Overload against bridge-hours: one line per controller through the settings of its sweep that no other beats, a large dot
 * for what was scored. The overload axis is a square root, so that 0 and 0.1 % both are on it.
 */
export function frontPlot(
  summary: ScenarioSummary,
  sweeps: Readonly<Record<string, readonly SweepPoint[]>>,
): string {
  const most = 0.02;
  const lines = summary.controllers.map((controller) => ({
    controller,
    front: frontOf(sweeps[controller.name] ?? []),
  }));
  const hours = lines.flatMap(({ controller, front }) => [
    controller.bridgeHours,
    ...front.map((point) => point.bridgeHours),
  ]);
  const low = 0.95 * Math.min(...hours);
  const high = Math.max(...summary.controllers.map(({ bridgeHours }) => bridgeHours)) * 1.03;
  const plotWidth = size.width - size.left - size.right;
  const plotHeight = size.height - size.top - size.bottom;
  const x: Axis = {
    at: (value) => size.left + ((value - low) / (high - low)) * plotWidth,
    ticks: niceTicks(low, high).map((value) => ({ value, label: String(value) })),
    title: 'bridge-hours in the week',
  };
  const y: Axis = {
    at: (share) => size.height - size.bottom - Math.sqrt(Math.min(share, most) / most) * plotHeight,
    ticks: [0, 0.0002, 0.001, 0.0025, 0.005, 0.01, 0.02].map((value) => ({
      value,
      label: `${+(100 * value).toFixed(2)} %`,
    })),
    title: 'OPM > 0.8 (2 % and more at the top)',
  };
  const marks = lines.map(({ controller, front }, index) => {
    const color = colors[index % colors.length] ?? '#000000';
    const points = front.filter((point) => point.bridgeHours <= high);
    const path = points.map(
      (point) => `${fix(x.at(point.bridgeHours))},${fix(y.at(point.overloadShare))}`,
    );
    return [
      `<polyline points="${path.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
      ...points.map(
        (point) =>
          `<circle cx="${fix(x.at(point.bridgeHours))}" cy="${fix(y.at(point.overloadShare))}" r="2" fill="${color}"/>`,
      ),
      `<circle cx="${fix(x.at(controller.bridgeHours))}" cy="${fix(y.at(controller.overloadShare))}" r="6" fill="${color}"/>`,
      legend(index, color, controller.name),
    ].join('\n');
  });
  return svg(`${summary.scenario}: overload against cost`, x, y, marks.join('\n'));
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
  const within = (samples: readonly Sample[]) =>
    samples.filter(({ at }) => at >= dayNumber * day && at < (dayNumber + 1) * day);
  const need = within(lines[0]?.samples ?? []).map(({ at, participants }) => ({
    at,
    value: participants / 80,
  }));
  const drawn = [
    { name: 'participants / 80', points: need },
    ...lines.map(({ name, samples }) => ({
      name,
      points: within(samples).map(({ at, active }) => ({ at, value: active })),
    })),
  ];
  const most =
    Math.max(4, ...drawn.flatMap(({ points }) => points.map(({ value }) => value))) * 1.05;
  const plotWidth = size.width - size.left - size.right;
  const plotHeight = size.height - size.top - size.bottom;
  const x: Axis = {
    at: (at) => size.left + ((at - dayNumber * day) / day) * plotWidth,
    ticks: [0, 4, 8, 12, 16, 20, 24].map((hours) => ({
      value: dayNumber * day + hours * 3600,
      label: `${hours}:00`,
    })),
    title: 'Tuesday, seed 1 (UTC)',
  };
  const y: Axis = {
    at: (value) => size.height - size.bottom - (value / most) * plotHeight,
    ticks: niceTicks(0, most).map((value) => ({ value, label: String(value) })),
    title: 'active bridges',
  };
  const marks = drawn.map(({ name, points }, index) => {
    const color = index === 0 ? '#999999' : (colors[index - 1] ?? '#000000');
    const path = steps(points, x, y);
    const paint =
      index === 0
        ? `fill="none" stroke="${color}" stroke-width="3"`
        : `fill="none" stroke="${color}" stroke-width="1.5"`;
    return `<path d="${path}" ${paint}/>\n${legend(index, color, name)}`;
  });
  return svg(`${id}: one day`, x, y, marks.join('\n'));
}

/** A line with corners only where the value changes. */
function steps(
  points: readonly { readonly at: number; readonly value: number }[],
  x: Axis,
  y: Axis,
): string {
  const kept = points.filter(
    ({ value }, index) => value !== points[index - 1]?.value || value !== points[index + 1]?.value,
  );
  return kept
    .map(({ at, value }, index) => `${index === 0 ? 'M' : 'L'}${fix(x.at(at))} ${fix(y.at(value))}`)
    .join('');
}

function legend(index: number, color: string, text: string): string {
  const left = size.width - size.right + 16;
  const top = size.top + 10 + index * 20;
  return `<circle cx="${left}" cy="${top}" r="5" fill="${color}"/><text x="${left + 12}" y="${top + 4}">${text}</text>`;
}

function svg(title: string, x: Axis, y: Axis, marks: string): string {
  const { width, height, left, right, top, bottom } = size;
  const grid = [
    ...x.ticks.map(({ value, label }) => {
      const at = fix(x.at(value));
      return `<line x1="${at}" y1="${top}" x2="${at}" y2="${height - bottom}" stroke="#e5e5e5"/><text x="${at}" y="${height - bottom + 16}" text-anchor="middle">${label}</text>`;
    }),
    ...y.ticks.map(({ value, label }) => {
      const at = fix(y.at(value));
      return `<line x1="${left}" y1="${at}" x2="${width - right}" y2="${at}" stroke="#e5e5e5"/><text x="${left - 6}" y="${Number(at) + 4}" text-anchor="end">${label}</text>`;
    }),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${left}" y="20" font-size="14">${title}</text>
${grid.join('\n')}
<text x="${(left + width - right) / 2}" y="${height - 8}" text-anchor="middle">${x.title}</text>
<text x="${left}" y="${top - 4}">${y.title}</text>
${marks}
</svg>
`;
}

function niceTicks(low: number, high: number): readonly number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough;
  const ticks: number[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step)
    ticks.push(Math.round(value * 1000) / 1000);
  return ticks;
}

function fix(value: number): string {
  return value.toFixed(1);
}
