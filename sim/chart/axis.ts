export type Tick = readonly [value: number, label: string];

/** One dimension of a chart, in the units of its points. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
  readonly title?: string;
  /** `square-root` gives room to small values and still shows 0. @default linear */
  readonly scale?: 'linear' | 'square-root';
}

/** Where the values of an axis are between two places of the picture. */
export function placesOn(axis: Axis, start: number, end: number): (value: number) => string {
  const bend = axis.scale === 'square-root' ? Math.sqrt : (value: number) => value;
  const length = bend(axis.to - axis.from) || 1;
  return (value) => rounded(start + (bend(value - axis.from) / length) * (end - start));
}

/** What dividing by a tenth may be off by, in steps. */
const tolerance = 1e-9;

/** Round values in a range, about six of them: steps of 1, 2 or 5 times a power of ten. */
export function roundTicks(from: number, to: number): readonly Tick[] {
  const rough = (to - from) / 6 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough) ?? rough;
  const first = Math.ceil(from / step - tolerance);
  const count = Math.floor(to / step + tolerance) - first + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = Math.round((first + index) * step * 1000) / 1000;
    return [value, String(value)] as const;
  });
}

/** To a tenth of a pixel. */
export function rounded(place: number): string {
  return String(Math.round(place * 10) / 10);
}
