/**
 * Colours of series, on white and on a dark page. Most are from Okabe and Ito's palette, which the
 * colour-blind can tell apart.
 */
const inks = {
  blue: ['#0072b2', '#58a6ff'],
  vermilion: ['#d55e00', '#ff9d57'],
  green: ['#009e73', '#3fb68b'],
  purple: ['#cc79a7', '#e2a0c6'],
  orange: ['#e69f00', '#f2c14e'],
  sky: ['#56b4e9', '#8fd0f5'],
  black: ['#000000', '#ffffff'],
  grey: ['#7f7f7f', '#a0a8b0'],
  brown: ['#8b5a2b', '#c49a6c'],
  mist: ['#c9d1d9', '#3d444d'],
} as const;

export type Ink = keyof typeof inks;

/** What a chart is shown on: white, which it brings along, or a page that is light or dark. */
export type Paper = 'white' | 'page';

type Scheme = 0 | 1;

/** Text, soft text, grid and the shade of bands. */
const ground = {
  text: ['#24292f', '#e6edf3'],
  soft: ['#6e7781', '#9198a1'],
  grid: ['#e4e7eb', '#30363d'],
  band: ['#f1ead7', '#3b3523'],
} as const;

/** The style sheet of a chart. Several charts may stand on one page: their rules are the same. */
export function styleOf(paper: Paper): string {
  const shapes = `
.chart text { font: 12px system-ui, sans-serif; }
.chart .title { font-size: 14px; font-weight: 600; }
.chart .soft { font-size: 11px; }
.chart .line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
.chart .dashed { stroke-dasharray: 6 4; }
.chart .area, .chart .dot { fill: currentColor; stroke: none; }`;
  const dark = `\n@media (prefers-color-scheme: dark) {${coloursOf(1)}\n}`;
  return `${shapes}${coloursOf(0)}${paper === 'page' ? dark : ''}\n`;
}

function coloursOf(scheme: Scheme): string {
  const { text, soft, grid, band } = ground;
  return [
    '',
    `.chart text { fill: ${text[scheme]}; }`,
    `.chart .soft { fill: ${soft[scheme]}; }`,
    `.chart .grid { stroke: ${grid[scheme]}; }`,
    `.chart .band { fill: ${band[scheme]}; }`,
    ...Object.entries(inks).map(([name, ink]) => `.chart .${name} { color: ${ink[scheme]}; }`),
  ].join('\n');
}
