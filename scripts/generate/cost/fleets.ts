import { liveDay, type Day } from './day';

/**
 * People at the busiest minute of the day, by the bridges that then run on average. That many make
 * that many bridges today; the table shows the true average.
 */
const peaks = { 1: 20, 5: 590, 20: 3420, 100: 19_510, 500: 102_800 } as const;
export type FleetSize = keyof typeof peaks;

/** Average sizes of the table in docs/cost.md. */
export const fleetSizes: readonly FleetSize[] = [1, 5, 20, 100, 500];

/** A working day of a fleet of about so many bridges on average. */
export function dayOfFleet(size: FleetSize): Promise<Day> {
  return liveDay(peaks[size]);
}
