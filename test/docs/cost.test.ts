import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { controlShare, monthlyBill, type WayOut } from '../../scripts/generate/cost/bill';
import { costSamples } from '../../scripts/generate/cost/cost-samples';
import type { Day } from '../../scripts/generate/cost/day';
import { dayOfFleet, fleetSizes, type FleetSize } from '../../scripts/generate/cost/fleets';
import { withSamples } from '../../scripts/generate/samples/samples';

/** The days of the largest fleets take two minutes. */
const isWhole = process.env['TEST_ALL'] !== undefined;
const sizes = isWhole ? fleetSizes : fleetSizes.filter((size) => size <= 20);
const days = new Map<FleetSize, Day>();

beforeAll(async () => {
  for (const size of sizes) days.set(size, await dayOfFleet(size));
});

function dayOf(size: FleetSize): Day {
  const day = days.get(size);
  if (day === undefined) throw new Error(`no day of ${size} bridges`);
  return day;
}

const oneZone: WayOut = { endpointZones: 1 };

test.each<[FleetSize, WayOut, number]>([
  [20, 'nat', 0.022],
  [5, 'nat', 0.04],
  [20, oneZone, 0.03],
  [5, oneZone, 0.06],
])(
  'the control plane of %d bridges costs, with %j, at most a share of %d of the instances',
  (size, wayOut, most) => {
    const day = dayOf(size);
    expect(Math.abs(day.bridges / size - 1)).toBeLessThan(0.05);
    expect(controlShare(monthlyBill(day, wayOut))).toBeLessThanOrEqual(most);
  },
);

test('the day is a real one: bridges were launched, drained and retired', () => {
  for (const size of sizes.filter((each) => each >= 5)) {
    expect(dayOf(size).launches).toBeGreaterThan(size / 2);
    // A bridge that drains is asked for four figures, any other for one.
    expect(dayOf(size).cloudWatch.metricsRead).toBeGreaterThan(dayOf(size).bridges * 1440);
  }
});

test('most minutes read CloudWatch once', () => {
  // Once a tick, once in five minutes for the history; the rest are drains and late minutes.
  expect(dayOf(20).cloudWatch.readRequests).toBeLessThan(1440 * 1.6);
});

test('a second zone of endpoints costs what two endpoints cost', () => {
  const bill = (endpointZones: number) => monthlyBill(dayOf(5), { endpointZones }).endpoints;
  expect(bill(2) - bill(1)).toBeCloseTo(14.6, 6);
});

const file = join(__dirname, '../../docs/cost.md');
const page = readFileSync(file, 'utf8');
const withoutPadding = (text: string) => text.replace(/ {2,}|(?<=-)-+/g, ' ');

test('cost.md shows what the code counts today (else: npm run docs)', () => {
  const known = costSamples(sizes.map(dayOf));
  for (const name of known.keys()) expect(page).toContain(`<!-- sample ${name} -->`);
  if (isWhole) expect(withSamples(page, file, known)).toBe(page);
  const rows = (known.get('cost-bill') ?? '').split('\n').filter((line) => /^\| +\d/.test(line));
  expect(rows).toHaveLength(sizes.length);
  for (const row of rows) expect(withoutPadding(page)).toContain(withoutPadding(row));
});
