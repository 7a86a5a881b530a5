import fc from 'fast-check';
import { formatDrainTag, parseDrainTag } from '../../../../lambdas/core/protocol/drain-tag';

const launchedAt = 1_800_000_000;
const since = 1_800_000_060;
const time = '2027-01-15T08:01:00.000Z';

test.each([
  [
    `${time} autoscaler load 1.20 needs 3`,
    { since, by: 'autoscaler', reason: 'load 1.20 needs 3' },
  ],
  [`${time} operator drain`, { since, by: 'operator', reason: 'drain' }],
  // Set by hand, or by a version that did not write who: nobody but the operator can have ordered
  // it.
  [`${time} load 1.20 needs 3`, { since, by: 'operator', reason: 'load 1.20 needs 3' }],
  ['please', { since: launchedAt, by: 'operator', reason: 'please' }],
  ['', { since: launchedAt, by: 'operator', reason: '' }],
])('%j', (text, drain) => {
  expect(parseDrainTag(text, launchedAt)).toEqual(drain);
});

test('who ordered it survives whatever the reason says, within the bounds of a tag', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('operator' as const, 'autoscaler' as const),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 1_600_000_000, max: 2_000_000_000 }),
      (by, reason, at) => {
        const tag = formatDrainTag({ since: at, by, reason });
        expect(tag).toMatch(/^[\w .:/=+@-]{1,256}$/);
        expect(parseDrainTag(tag, launchedAt)).toMatchObject({ since: at, by });
      },
    ),
  ));
