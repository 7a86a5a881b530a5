import { binsPerDay, binsPerHour, binsPerWeek, type LoadGrid } from './history';

/** What is usual at a time of the week. */
export interface Season {
  /** Load of an absolute bin, also of bins to come; NaN where nothing comparable is known. */
  readonly at: (bin: number) => number;
}

/** How far back and ahead the season is needed, in bins. */
const backBins = 3 * binsPerDay;
const aheadBins = 3 * binsPerHour;

/** Clocks may have moved since the days that are compared with. */
const shifts = [-binsPerHour, binsPerHour];

export function seasonOf(grid: LoadGrid, current: number): Season {
  const shift = shiftOf(grid, current);
  const usual = new Float64Array(backBins + aheadBins);
  const first = current - backBins;
  for (let index = 0; index < usual.length; index += 1)
    usual[index] = comparable(grid, first + index, shift);
  const plain = (bin: number) => usual[bin - first] ?? NaN;
  const growth = growthOf(grid, plain, current);
  return { at: (bin) => plain(bin) * growth };
}

/**
 * Median of the same time in earlier weeks. Where these are too few to outvote an odd one, the
 * last days of the same kind help out; without any, what was an hour ago.
 */
function comparable(grid: LoadGrid, bin: number, shift: number): number {
  const loads: number[] = [];
  for (let back = 1; back <= 4; back += 1) insert(loads, grid.at(bin - back * binsPerWeek + shift));
  if (loads.length > 2 || (loads.length === 2 && agree(loads))) return median(loads);
  for (let back = 1; back < 7 && loads.length < 3; back += 1) {
    if (isWeekend(bin - back * binsPerDay) !== isWeekend(bin)) continue;
    insert(loads, grid.at(bin - back * binsPerDay + shift));
  }
  const usual = median(loads);
  return Number.isNaN(usual) ? grid.at(bin - binsPerHour) : usual;
}

/** Two that differ by no more than chance and growth explain. */
function agree(loads: readonly number[]): boolean {
  return Math.max(...loads) <= 1.6 * Math.min(...loads) + 1;
}

/** 1970-01-01 was a Thursday. By UTC: the zone of the people is not known here. */
function isWeekend(bin: number): boolean {
  return (Math.floor(bin / binsPerDay) + 3) % 7 >= 5;
}

/**
 * Keeps a short list ascending; this runs a thousand times per decision, and a sort would take
 * half of its time.
 */
function insert(ascending: number[], load: number): void {
  if (Number.isNaN(load)) return;
  let place = ascending.length;
  for (let other = ascending[place - 1]; other !== undefined && other > load; place -= 1) {
    ascending[place] = other;
    other = ascending[place - 2];
  }
  ascending[place] = load;
}

/** NaN of none. */
function median(ascending: readonly number[]): number {
  const middle = ascending.length / 2;
  return ((ascending[Math.ceil(middle) - 1] ?? NaN) + (ascending[Math.floor(middle)] ?? NaN)) / 2;
}

/** Hours that must speak for a moved clock, and how clearly. */
const shiftBins = 8 * binsPerHour;
const clearlyBetter = 0.5;

/** By how many bins clocks moved: 0, or an hour when the last hours fit clearly better so. */
function shiftOf(grid: LoadGrid, current: number): number {
  const errorWith = (shift: number) => {
    let error = 0;
    for (let bin = current - shiftBins; bin < current; bin += 1) {
      const difference = Math.abs(grid.at(bin) - comparable(grid, bin, shift));
      if (!Number.isNaN(difference)) error += difference;
    }
    return error;
  };
  const still = errorWith(0);
  // Chance alone makes small fleets differ by a little.
  if (still <= shiftBins * 0.5) return 0;
  let best = { shift: 0, error: clearlyBetter * still };
  for (const shift of shifts) {
    const error = errorWith(shift);
    if (error < best.error) best = { shift, error };
  }
  return best.shift;
}

/**
 * A fleet that grew since: ratio of the last day to what was usual then; a shrunken one is left to
 * the load of now.
 */
function growthOf(grid: LoadGrid, usual: (bin: number) => number, current: number): number {
  let actualSum = 0;
  let usualSum = 0;
  for (let bin = current - binsPerDay; bin < current; bin += 1) {
    const was = usual(bin);
    const actual = grid.at(bin);
    if (Number.isNaN(was) || Number.isNaN(actual)) continue;
    actualSum += actual;
    usualSum += was;
  }
  if (usualSum < binsPerDay * 0.2) return 1;
  return Math.min(3, Math.max(1, actualSum / usualSum / 1.1));
}
