import type { Simulation } from './report';

const size = { width: 960, plotHeight: 260, left: 46, right: 14, bottom: 34 } as const;
const legendRow = 20;
const binSeconds = 300;
const daySeconds = 86_400;

/** Part of the scored time, as 5-minute bins. */
export interface Stretch {
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** Colours of both schemes; the lines are from Okabe and Ito's palette, which the colour-blind can tell apart. */
const style = `
.sim { --text: #24292f; --soft: #6e7781; --grid: #e4e7eb; --load: #c9d1d9; --recorded: #57606a; --static: #009e73; --current: #0072b2; --changed: #d55e00; }
@media (prefers-color-scheme: dark) {
  .sim { --text: #e6edf3; --soft: #9198a1; --grid: #30363d; --load: #3d444d; --recorded: #b1bac4; --static: #3fb68b; --current: #58a6ff; --changed: #ff9d57; }
}
.sim text { fill: var(--text); font: 12px system-ui, sans-serif; }
.sim .title { font-size: 14px; font-weight: 600; }
.sim .tick { fill: var(--soft); font-size: 11px; }
.sim .grid { stroke: var(--grid); }
.sim .load { fill: var(--load); stroke: none; }
.sim .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.sim .recorded { stroke: var(--recorded); stroke-width: 2.2; stroke-dasharray: 5 3; }
.sim .static { stroke: var(--static); stroke-dasharray: 2 3; }
.sim .current { stroke: var(--current); }
.sim .changed { stroke: var(--changed); }
`;

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

/** Load as an area and the bridges of each as lines, over a stretch of the scored time, as SVG for light and dark. */
export function chart({ report, curves }: Simulation, stretch: Stretch): string {
  const { from, to } = stretch;
  const cut = (values: readonly number[]) => values.slice(from, to);
  const lines = report.controllers.map(({ name, title }, index) => ({
    name,
    title,
    values: cut(curves.bridges[index] ?? []),
  }));
  const load = cut(curves.load);
  const most = 1.05 * Math.max(1, ...load, ...lines.flatMap(({ values }) => values));
  const top = 34 + legendRow * (lines.length + 1);
  const bottom = top + size.plotHeight;
  const plotWidth = size.width - size.left - size.right;
  const x = (bin: number) => size.left + (bin / Math.max(1, to - from)) * plotWidth;
  const y = (value: number) => bottom - (value / most) * size.plotHeight;
  const legend = [
    {
      mark: `<rect class="load" x="0" y="-9" width="26" height="10"/>`,
      title: 'load, in full bridges',
    },
    ...lines.map(({ name, title }) => ({
      mark: `<line class="line ${name}" x1="0" y1="-4" x2="26" y2="-4"/>`,
      title: `bridges: ${title}`,
    })),
  ].map(
    ({ mark, title }, row) =>
      `<g transform="translate(${size.left} ${46 + row * legendRow})">${mark}<text x="34">${escapeText(title)}</text></g>`,
  );
  const height = bottom + size.bottom;
  return `<svg class="sim" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" role="img" aria-label="${escapeText(stretch.title)}">
<style>${style}</style>
<text class="title" x="${size.left}" y="20">${escapeText(stretch.title)}</text>
${legend.join('\n')}
${yTicks(most, y).join('\n')}
${timeTicks(curves.startAt + from * binSeconds, to - from, x, bottom).join('\n')}
<path class="load" d="${areaOf(load, x, y)}"/>
${lines.map(({ name, values }) => `<path class="line ${name}" d="${stepsOf(values, x, y)}"/>`).join('\n')}
</svg>
`;
}

type Scale = (value: number) => number;

function areaOf(values: readonly number[], x: Scale, y: Scale): string {
  const points = values.map((value, bin) => `L${fix(x(bin + 0.5))} ${fix(y(value))}`);
  return `M${fix(x(0))} ${fix(y(0))}${points.join('')}L${fix(x(values.length))} ${fix(y(0))}Z`;
}

/** A line with a corner only where the value changes. */
function stepsOf(values: readonly number[], x: Scale, y: Scale): string {
  return values
    .map((value, bin) => {
      if (bin === 0) return `M${fix(x(0))} ${fix(y(value))}`;
      const step = value === values[bin - 1] ? '' : `H${fix(x(bin))}V${fix(y(value))}`;
      return bin === values.length - 1 ? `${step}H${fix(x(values.length))}` : step;
    })
    .join('');
}

function yTicks(most: number, y: Scale): readonly string[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((value) => most / value <= 6) ?? 1000;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => {
    const at = fix(y(index * step));
    return (
      `<line class="grid" x1="${size.left}" x2="${size.width - size.right}" y1="${at}" y2="${at}"/>` +
      `<text class="tick" x="${size.left - 6}" y="${Number(at) + 4}" text-anchor="end">${index * step}</text>`
    );
  });
}

function timeTicks(startAt: number, bins: number, x: Scale, bottom: number): readonly string[] {
  const isLong = bins * binSeconds > 2 * daySeconds;
  const step = isLong ? daySeconds : bins * binSeconds > 8 * 3600 ? 3 * 3600 : 3600;
  const first = Math.ceil(startAt / step) * step;
  const end = startAt + bins * binSeconds;
  const count = Math.max(0, Math.ceil((end - first) / step));
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * step;
    const left = fix(x((at - startAt) / binSeconds));
    const date = new Date(at * 1000);
    const label = isLong ? date.toUTCString().slice(0, 11) : date.toISOString().slice(11, 16);
    return (
      `<line class="grid" x1="${left}" x2="${left}" y1="${bottom - size.plotHeight}" y2="${bottom}"/>` +
      `<text class="tick" x="${left}" y="${bottom + 18}" text-anchor="${isLong ? 'start' : 'middle'}">${label}</text>`
    );
  });
}

function fix(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

/** Text for HTML and SVG, attributes included. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
