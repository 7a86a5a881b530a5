import { placesOn, rounded, type Axis } from './axis';
import { escapeText } from './escape-text';
import { styleOf, type Paper } from './inks';
import { marksOf, sampleOf, type Series } from './series';

/**
 * A picture of series over two axes. The pictures of the docs, the benchmark and `simulate` are
 * all drawn by this.
 */
export interface Chart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Later ones are drawn over earlier ones. */
  readonly series: readonly Series[];
  /** Parts of the x axis that are shaded. */
  readonly bands?: readonly Band[];
  /** Above the plot, or to its right in a column of that many pixels. */
  readonly legend: 'above' | number;
  /** Of the whole picture without a legend above, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly paper: Paper;
}

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

const margin = { left: 54, right: 14, top: 42, bottom: 46 } as const;
const legendRow = 20;
const sampleWidth = 26;

/** Where things are, in pixels. */
interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
}

/** The chart as SVG, all in itself. */
export function drawChart(chart: Chart): string {
  const { title, x: xAxis, y: yAxis, series, paper } = chart;
  const frame = frameOf(chart);
  const x = placesOn(xAxis, frame.left, frame.right);
  const y = placesOn(yAxis, frame.bottom, frame.top);
  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${escapeText(title)}">`,
    `<style>${styleOf(paper)}</style>`,
    ...(paper === 'white' ? ['<rect width="100%" height="100%" fill="#ffffff"/>'] : []),
    `<text class="title" x="${frame.left}" y="20">${escapeText(title)}</text>`,
    ...(chart.bands ?? []).map((band) => bandOf(band, x, frame)),
    ...yTicks(yAxis, y, frame),
    ...xTicks(xAxis, x, frame),
    ...series.map((one) => `<g class="${one.ink}">${marksOf(one, x, y)}</g>`),
    ...legendOf(chart, frame),
    '</svg>',
    '',
  ].join('\n');
}

function frameOf({ legend, size, series }: Chart): Frame {
  const above = legend === 'above' ? legendRow * series.length : 0;
  return {
    left: margin.left,
    right: size.width - (legend === 'above' ? margin.right : legend),
    top: margin.top + above,
    bottom: size.height + above - margin.bottom,
    width: size.width,
    height: size.height + above,
  };
}

function yTicks({ ticks, title }: Axis, y: (value: number) => string, frame: Frame): string[] {
  return [
    ...ticks.map(
      ([value, label]) =>
        `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y(value)}" y2="${y(value)}"/>` +
        `<text class="soft" x="${frame.left - 6}" y="${y(value)}" dy="4" text-anchor="end">${escapeText(label)}</text>`,
    ),
    ...(title === undefined
      ? []
      : [`<text class="soft" x="${frame.left}" y="${frame.top - 6}">${escapeText(title)}</text>`]),
  ];
}

function xTicks({ ticks, title }: Axis, x: (value: number) => string, frame: Frame): string[] {
  const middle = rounded((frame.left + frame.right) / 2);
  return [
    ...ticks.map(
      ([value, label]) =>
        `<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${frame.top}" y2="${frame.bottom}"/>` +
        `<text class="soft" x="${x(value)}" y="${frame.bottom + 18}" text-anchor="middle">${escapeText(label)}</text>`,
    ),
    ...(title === undefined
      ? []
      : [
          `<text x="${middle}" y="${frame.height - 8}" text-anchor="middle">${escapeText(title)}</text>`,
        ]),
  ];
}

function bandOf({ from, to, label }: Band, x: (value: number) => string, frame: Frame): string {
  const width = rounded(Number(x(to)) - Number(x(from)));
  return (
    `<rect class="band" x="${x(from)}" y="${frame.top}" width="${width}" height="${frame.bottom - frame.top}"/>` +
    `<text class="soft" x="${x(from)}" y="${frame.top}" dx="6" dy="14">${escapeText(label)}</text>`
  );
}

function legendOf({ legend, series }: Chart, frame: Frame): string[] {
  const left = legend === 'above' ? frame.left : frame.right + 14;
  const top = legend === 'above' ? margin.top : frame.top + 8;
  return series.map(
    (one, row) =>
      `<g class="${one.ink}" transform="translate(${left} ${top + row * legendRow})">` +
      `${sampleOf(one, sampleWidth)}<text x="${sampleWidth + 8}" y="4">${escapeText(one.name)}</text></g>`,
  );
}
