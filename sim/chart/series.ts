import type { Ink } from './inks';

export type Point = readonly [x: number, y: number];

/** What one line, area or row of dots shows. */
export interface Series {
  readonly name: string;
  readonly ink: Ink;
  /**
   * `steps` holds each value until the next point, `area` fills down to 0, `dots` marks each point
   * of a line.
   */
  readonly shape: 'line' | 'dashed-line' | 'steps' | 'dashed-steps' | 'area' | 'dots';
  /** In ascending order of x. */
  readonly points: readonly Point[];
  /** A point of its own that is shown larger. */
  readonly emphasis?: Point;
}

type Place = (value: number) => string;

/** The marks of a series, in SVG. */
export function marksOf({ shape, points, emphasis }: Series, x: Place, y: Place): string {
  const dot = ([px, py]: Point, radius: number) =>
    `<circle class="dot" cx="${x(px)}" cy="${y(py)}" r="${radius}"/>`;
  const path = shape.endsWith('steps') ? stepsThrough(points, x, y) : lineThrough(points, x, y);
  return [
    ...(path === '' ? [] : [markOf(shape, shape === 'area' ? closed(path, points, x, y) : path)]),
    ...(shape === 'dots' ? points.map((point) => dot(point, 2)) : []),
    ...(emphasis === undefined ? [] : [dot(emphasis, 6)]),
  ].join('');
}

function markOf(shape: Series['shape'], path: string): string {
  if (shape === 'area') return `<path class="area" d="${path}"/>`;
  return `<path class="line${shape.startsWith('dashed') ? ' dashed' : ''}" d="${path}"/>`;
}

/** How a series looks in the legend, `width` wide. */
export function sampleOf(series: Series, width: number): string {
  if (series.emphasis !== undefined) return `<circle class="dot" cx="${width / 2}" r="5"/>`;
  if (series.shape === 'area') return `<path class="area" d="M0 -5h${width}v10h-${width}Z"/>`;
  return markOf(series.shape, `M0 0h${width}`);
}

function lineThrough(points: readonly Point[], x: Place, y: Place): string {
  return points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${x(px)} ${y(py)}`).join('');
}

/** With a corner only where the value changes. */
function stepsThrough(points: readonly Point[], x: Place, y: Place): string {
  return points
    .map(([px, py], index) => {
      if (index === 0) return `M${x(px)} ${y(py)}`;
      const step = py === points[index - 1]?.[1] ? '' : `H${x(px)}V${y(py)}`;
      return index === points.length - 1 && step === '' ? `H${x(px)}` : step;
    })
    .join('');
}

function closed(path: string, points: readonly Point[], x: Place, y: Place): string {
  return `${path}L${x(points.at(-1)?.[0] ?? 0)} ${y(0)}L${x(points[0]?.[0] ?? 0)} ${y(0)}Z`;
}
