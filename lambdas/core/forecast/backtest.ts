import { binsPerDay, type LoadGrid } from './history';
import type { Season } from './season';

/** Relative error up to which a forecast is trusted fully, and from which not at all. */
const goodError = 0.3;
const uselessError = 0.9;

/** How much a forecast counts, 0 … 1: by the median of its errors in the last three days. */
export function backtest(grid: LoadGrid, season: Season): number {
  const errors = [0, 1, 2]
    .map((day) => errorOf(grid, season, grid.newest - day * binsPerDay))
    .filter((error) => !Number.isNaN(error))
    .sort((a, b) => a - b);
  const middle = errors[Math.floor((errors.length - 1) / 2)];
  if (middle === undefined) return 0.5;
  return Math.min(1, Math.max(0, (uselessError - middle) / (uselessError - goodError)));
}

/**
 * Σ |actual − forecast| ÷ Σ actual in the day that ends with a bin; NaN when there is nothing to
 * compare.
 */
function errorOf(grid: LoadGrid, season: Season, last: number): number {
  let error = 0;
  let sum = 0;
  for (let bin = last - binsPerDay + 1; bin <= last; bin += 1) {
    const actual = grid.at(bin);
    const difference = Math.abs(actual - season.at(bin));
    if (Number.isNaN(difference)) continue;
    error += difference;
    sum += actual;
  }
  return sum > binsPerDay * 0.1 ? error / sum : NaN;
}
