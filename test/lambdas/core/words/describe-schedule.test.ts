import { boundsInForce } from '../../../../lambdas/core/demand/bounds';
import { explainSchedules } from '../../../../lambdas/core/plan/explain-schedules';
import { describeReason } from '../../../../lambdas/core/words/describe-reason';
import type { Schedule } from '../../../../lambdas/core/schedules/schedule';
import type { Overrides } from '../../../../lambdas/core/model/snapshot';
import { at, scheduleOf } from '../schedules/schedules-under-test';
import { policyOf } from '../snapshots';

const until = Infinity;
const open = 'until 18:00 Mon Europe/Berlin';
const bounds = "; the operator's bounds override it";

test.each<[string, Partial<Schedule>, Overrides, string]>([
  ['nothing in its way', {}, {}, `hold 8 ${open}`],
  [
    "the operator's number",
    {},
    { scale: { to: 3, until } },
    `hold 8 ${open}; the operator's scale overrides it`,
  ],
  ["the operator's min beside a hold", {}, { bounds: { min: 1, until } }, `hold 8 ${open}`],
  [
    "the operator's min",
    { min: 4 },
    { bounds: { min: 1, until } },
    `min 4, hold 8 ${open}${bounds}`,
  ],
  [
    "the operator's max",
    { max: 9 },
    { bounds: { max: 20, until } },
    `max 9, hold 8 ${open}${bounds}`,
  ],
  [
    "the operator's max below the hold",
    {},
    { bounds: { max: 7, until } },
    `hold 8 ${open}${bounds}`,
  ],
  [
    "the operator's max below the min",
    { min: 4, hold: undefined },
    { bounds: { max: 3, until } },
    `min 4 ${open}; limited by max 3`,
  ],
  ["the operator's max above the hold", {}, { bounds: { max: 8, until } }, `hold 8 ${open}`],
])('%s', (_name, changes, overrides, text) => {
  const policy = policyOf({ min: 1, max: 10, schedules: [scheduleOf(changes)] });
  const monday = at('2027-01-18T10:00:00Z');
  const inForce = boundsInForce(policy, overrides, monday, 240);
  expect(explainSchedules(inForce, overrides).map(describeReason)).toEqual([
    `schedule office: ${text}`,
  ]);
});

test('one that opens soon says when', () => {
  const policy = policyOf({ schedules: [scheduleOf()] });
  const early = boundsInForce(policy, {}, at('2027-01-18T07:57:00Z'), 240);
  expect(explainSchedules(early, {}).map(describeReason)).toEqual([
    'schedule office: hold 8 from 09:00 Mon Europe/Berlin, launching ahead of it',
  ]);
});
