import { roundTicks, type Tick } from '../../sim/chart/axis';
import { drawChart, type Band } from '../../sim/chart/chart';
import type { Series } from '../../sim/chart/series';

/** What a picture of docs/policy.md shows; the axes end where the series do. */
export interface Picture {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xTicks: readonly Tick[];
  readonly band?: Band;
  readonly series: readonly Series[];
}

/** The picture as SVG. */
export function draw({ title, xTitle, yTitle, xTicks, band, series }: Picture): string {
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const ys = series.flatMap(({ points }) => points.map(([, y]) => y));
  const most = Math.ceil(Math.max(...ys) * 1.08);
  return drawChart({
    title,
    x: { from: Math.min(...xs), to: Math.max(...xs), ticks: xTicks, title: xTitle },
    y: { from: 0, to: most, ticks: roundTicks(0, most), title: yTitle },
    ...(band === undefined ? {} : { bands: [band] }),
    series,
    legend: 190,
    size: { width: 760, height: 320 },
    paper: 'white',
  });
}
