import { assumedMbitPerParticipant } from '../../../cli/simulate/egress';
import type { Samples } from '../samples/samples';
import { assumed, instanceType } from './bill';
import type { Day } from './day';
import { dayOfFleet, fleetSizes } from './fleets';
import { prices } from './prices';
import { billTable, itemTable } from './tables';

/** Lives the day of every fleet of the table; takes a minute. */
export async function daysOfTable(): Promise<readonly Day[]> {
  const days: Day[] = [];
  for (const size of fleetSizes) days.push(await dayOfFleet(size));
  return days;
}

/** Samples of docs/cost.md. Not among the others, since they take long. */
export function costSamples(days: readonly Day[]): Samples {
  const seconds = Object.entries(assumed).map(([name, run]) => `${name} ${run.seconds} s`);
  return new Map([
    ['cost-bill', billTable(days)],
    ['cost-items', itemTable(days)],
    [
      'cost-basis',
      [
        `- Prices: ${prices.source}. Instances: ${instanceType}, on-demand.`,
        `- Functions run as long as they wait, and beyond that: ${seconds.join(', ')} each time.`,
        `- Traffic: ${assumedMbitPerParticipant} Mbit/s to each participant.`,
      ].join('\n'),
    ],
  ]);
}
