import { generateConferences } from '../workload/conferences';
import { hour, day } from '../workload/calendar';
import { HistoryBins } from '../workload/history';
import { defaultKnobs } from '../workload/knobs';
import { Random } from '../workload/random';

const binsPerHour = 12;

/**
 * People in calls in each 5 minutes of the hour, relative to the hour's mean, when meetings begin
 * on the benchmark's comb of full and half hours. A recording with one value per half hour or hour
 * does not show this rush.
 */
export function rushOfTheHour(): readonly number[] {
  const range = { from: 0, to: 10 * day };
  const bins = new HistoryBins({ from: day, to: range.to });
  const random = new Random(1, 'rush');
  generateConferences(
    range,
    () => 1,
    { ...defaultKnobs, peakParticipants: 400, marathonShare: 0 },
    random,
    (_, join, leave) => {
      bins.add(join, leave);
    },
  );
  const sums = new Array<number>(binsPerHour).fill(0);
  for (const { at, load } of bins.samples(1)) {
    const bin = Math.floor((at % hour) / (hour / binsPerHour));
    sums[bin] = (sums[bin] ?? 0) + load;
  }
  const mean = sums.reduce((sum, value) => sum + value, 0) / binsPerHour;
  return sums.map((sum) => sum / mean);
}
