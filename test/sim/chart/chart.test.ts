import { XMLParser } from 'fast-xml-parser';

import { drawChart, type Chart } from '../../../sim/chart/chart';
import type { Series } from '../../../sim/chart/series';

const points = [
  [0, 1],
  [1, 1],
  [2, 3],
  [4, 3],
] as const;

function chartOf(series: readonly Series[], changes: Partial<Chart> = {}): Chart {
  return {
    title: 'a chart',
    x: { from: 0, to: 4, ticks: [[2, 'noon']] },
    y: { from: 0, to: 4, ticks: [] },
    series,
    legend: 86,
    size: { width: 500, height: 488 },
    paper: 'white',
    ...changes,
  };
}

const seriesOf = (shape: Series['shape'], more: Partial<Series> = {}): Series => ({
  name: 'bridges',
  ink: 'blue',
  shape,
  points,
  ...more,
});

/** The plot is 360 wide and 400 high from (54, 42): a unit is 90 by 100 pixels. */
test.each<readonly [Series['shape'], string]>([
  ['line', '<path class="line" d="M54 342L144 342L234 142L414 142"/>'],
  ['dashed-line', '<path class="line dashed" d="M54 342L144 342L234 142L414 142"/>'],
  ['steps', '<path class="line" d="M54 342H234V142H414"/>'],
  ['dashed-steps', '<path class="line dashed" d="M54 342H234V142H414"/>'],
  ['area', '<path class="area" d="M54 342L144 342L234 142L414 142L414 442L54 442Z"/>'],
])('a series as %s', (shape, mark) => {
  expect(drawChart(chartOf([seriesOf(shape)]))).toContain(`<g class="blue">${mark}</g>`);
});

test('dots are on a line, and the emphasized point is larger', () => {
  const svg = drawChart(chartOf([seriesOf('dots', { emphasis: [1, 2] })]));
  expect(svg.match(/<circle class="dot" cx="\d+" cy="\d+" r="2"\/>/g)).toHaveLength(points.length);
  expect(svg).toContain('<circle class="dot" cx="144" cy="242" r="6"/>');
});

test('a series without points is only in the legend', () => {
  const svg = drawChart(chartOf([seriesOf('area', { points: [] })]));
  expect(svg).toContain('<g class="blue"></g>');
  expect(svg).toContain('>bridges</text>');
});

test('a legend above makes the picture higher, a row for each series', () => {
  const names = ['one', 'two', 'three'];
  const svg = drawChart(
    chartOf(
      names.map((name) => seriesOf('line', { name })),
      { legend: 'above' },
    ),
  );
  expect(svg).toContain('viewBox="0 0 500 548"');
  for (const name of names) expect(svg).toContain(`>${name}</text>`);
});

test('a band is shaded from one value to another, below the series', () => {
  const svg = drawChart(
    chartOf([seriesOf('line')], { bands: [{ from: 1, to: 3, label: 'all-hands' }] }),
  );
  expect(svg).toContain('<rect class="band" x="144" y="42" width="180" height="400"/>');
  expect(svg.indexOf('class="band"')).toBeLessThan(svg.indexOf('class="line"'));
});

test.each<readonly [Chart['paper'], boolean, boolean]>([
  ['white', true, false],
  ['page', false, true],
])('on paper "%s"', (paper, hasBackground, followsPage) => {
  const svg = drawChart(chartOf([seriesOf('line')], { paper }));
  expect(svg.includes('fill="#ffffff"/>')).toBe(hasBackground);
  expect(svg.includes('prefers-color-scheme: dark')).toBe(followsPage);
});

test('texts are texts whatever is in them', () => {
  const nasty = `"><script>alert('&')</script>`;
  const svg = drawChart(
    chartOf([seriesOf('line', { name: nasty })], {
      title: nasty,
      x: { from: 0, to: 4, ticks: [[1, nasty]], title: nasty },
      bands: [{ from: 1, to: 2, label: nasty }],
    }),
  );
  expect(svg).not.toContain('<script');
  const { svg: parsed } = new XMLParser({ ignoreAttributes: false }).parse(svg) as {
    readonly svg: { readonly text: readonly Record<string, string>[] };
  };
  expect(parsed).toMatchObject({ '@_aria-label': nasty });
  // Title, band, label and title of the x axis.
  expect(parsed.text.map((text) => text['#text'])).toEqual([nasty, nasty, nasty, nasty]);
});
