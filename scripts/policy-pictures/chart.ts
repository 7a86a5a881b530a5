/** A line of a chart: points in order; `steps` holds each value until the next point. */
export interface Line {
  readonly name: string;
  readonly color: string;
  readonly shape: 'line' | 'steps' | 'dashes';
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xTicks: readonly (readonly [x: number, label: string])[];
  /** Part of the x axis that is shaded. */
  readonly shaded?: { readonly from: number; readonly to: number; readonly label: string };
  readonly lines: readonly Line[];
}

const size = { width: 760, height: 320, left: 52, right: 190, top: 34, bottom: 46 } as const;

/** A chart as SVG that reads on white, whatever the page's own colours are. */
export function drawChart(chart: Chart): string {
  const xs = chart.lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = chart.lines.flatMap(({ points }) => points.map(([, y]) => y));
  const [low, high] = [Math.min(...xs), Math.max(...xs)];
  const top = Math.ceil(Math.max(...ys) * 1.08);
  const plotWidth = size.width - size.left - size.right;
  const plotHeight = size.height - size.top - size.bottom;
  const bottom = size.height - size.bottom;
  const x = (value: number) => fix(size.left + ((value - low) / (high - low)) * plotWidth);
  const y = (value: number) => fix(bottom - (value / top) * plotHeight);
  const step = top > 25 ? 10 : top > 12 ? 4 : 2;
  const yTicks = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
  const { shaded } = chart;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${chart.title}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${size.left}" y="20" font-size="14">${chart.title}</text>`,
    ...(shaded === undefined
      ? []
      : [
          `<rect x="${x(shaded.from)}" y="${size.top}" width="${fix(Number(x(shaded.to)) - Number(x(shaded.from)))}" height="${plotHeight}" fill="#f1ead7"/>`,
          `<text x="${fix(Number(x(shaded.from)) + 6)}" y="${size.top + 14}" fill="#6b5a2a">${shaded.label}</text>`,
        ]),
    ...yTicks.flatMap((value) => [
      `<line x1="${size.left}" x2="${size.left + plotWidth}" y1="${y(value)}" y2="${y(value)}" stroke="#dddddd"/>`,
      `<text x="${size.left - 8}" y="${fix(Number(y(value)) + 4)}" text-anchor="end">${value}</text>`,
    ]),
    ...chart.xTicks.map(
      ([value, label]) =>
        `<text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`,
    ),
    `<text x="${size.left + plotWidth / 2}" y="${size.height - 8}" text-anchor="middle">${chart.xTitle}</text>`,
    `<text transform="translate(14 ${size.top + plotHeight / 2}) rotate(-90)" text-anchor="middle">${chart.yTitle}</text>`,
    ...chart.lines.flatMap(({ name, color, shape, points }, index) => [
      `<polyline points="${path(points, shape)
        .map(([px, py]) => `${x(px)},${y(py)}`)
        .join(
          ' ',
        )}" fill="none" stroke="${color}" stroke-width="2"${shape === 'dashes' ? ' stroke-dasharray="6 4"' : ''}/>`,
      `<line x1="${size.width - size.right + 14}" x2="${size.width - size.right + 38}" y1="${size.top + 8 + index * 20}" y2="${size.top + 8 + index * 20}" stroke="${color}" stroke-width="3"${shape === 'dashes' ? ' stroke-dasharray="6 4"' : ''}/>`,
      `<text x="${size.width - size.right + 44}" y="${size.top + 12 + index * 20}">${name}</text>`,
    ]),
    '</svg>',
    '',
  ].join('\n');
}

function path(points: Line['points'], shape: Line['shape']): Line['points'] {
  if (shape !== 'steps') return points;
  return points.flatMap(([px, py], index) => {
    const before = points[index - 1];
    return before === undefined
      ? [[px, py] as const]
      : [[px, before[1]] as const, [px, py] as const];
  });
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}
