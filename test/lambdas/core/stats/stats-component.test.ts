import fc from 'fast-check';
import {
  rejectionReasons,
  type RawStats,
  type StatsReading,
} from '../../../../lambdas/core/stats/stats';
import { readStatsItem } from '../../../../lambdas/core/stats/stats-component';
import { bridgeTime, capturedStats, changed } from '../stanzas';

const domain = 'meet.test';
const ours = 'jvb-0abc1234def567890.meet.test';
/** A second after the time in the captured stanza. */
const now = Date.parse('2026-11-22T14:23:47.456Z');
const context = { domain, now, maxPacketRate: 50800 };
const captured = capturedStats('component-event');

function read(values: Readonly<Record<string, string>>, itemId = ours): StatsReading {
  return readStatsItem({ kind: 'item', itemId, stats: changed(captured, values) }, context);
}

test('a real v1 report is read', () => {
  expect(captured).toHaveLength(47);
  expect(read({})).toEqual({
    kind: 'report',
    report: {
      instanceId: 'i-0abc1234def567890',
      reportedAt: now - 1000,
      stressRatio: 0.10606060606060608 / 0.9,
      participantCount: 0,
      conferenceCount: 0,
      draining: false,
    },
  });
});

test('a real report after graceful shutdown says that the bridge is draining', () => {
  const stats = changed(capturedStats('component-event-shutting-down'), {
    current_timestamp: bridgeTime(now),
  });
  expect(readStatsItem({ kind: 'item', itemId: ours, stats }, context)).toMatchObject({
    report: { draining: true, participantCount: 1, conferenceCount: 1 },
  });
});

test('a drain also counts as draining', () => {
  const stats: RawStats = [...captured, ['drain', 'true']];
  expect(readStatsItem({ kind: 'item', itemId: ours, stats }, context)).toMatchObject({
    report: { draining: true },
  });
});

test('packet rates add up, and stress is not clamped', () => {
  expect(read({ packet_rate_download: '60000', packet_rate_upload: '41600' })).toMatchObject({
    report: { stressRatio: 2 },
  });
});

test('a bridge without CPU figure (v2.1) is read', () => {
  const stats = captured.filter(([name]) => name !== 'cpu_usage');
  expect(readStatsItem({ kind: 'item', itemId: ours, stats }, context)).toMatchObject({
    kind: 'report',
    report: { stressRatio: 0 },
  });
});

test('the default bridge of Server A is observed, neither managed nor rejected', () => {
  expect(read({}, 'jitsi-videobridge.meet.test')).toEqual({ kind: 'observed' });
});

test.each([
  ['another domain', 'jvb-0abc1234def567890.evil.test'],
  ['a longer domain', 'jvb-0abc1234def567890.meet.test.evil'],
  ['an account', 'jvb-0abc1234def567890@auth.meet.test'],
  ['a name under the accounts’ host', 'jvb-0abc1234def567890.auth.meet.test'],
  ['a name of the tutorial', 'videobridge2.meet.test'],
  ['upper case', 'JVB-0ABC1234DEF567890.meet.test'],
  ['a full address', 'jvb-0abc1234def567890.meet.test/x'],
  ['the domain itself', 'meet.test'],
  ['nothing', ''],
])('an item id that is not a bridge of ours is an unknown sender: %s', (_, itemId) => {
  expect(read({}, itemId)).toEqual({ kind: 'rejected', reason: 'unknownSender' });
});

test.each([
  ['NaN', { cpu_usage: 'NaN' }, 'notANumber'],
  ['infinite', { cpu_usage: 'Infinity' }, 'notANumber'],
  ['empty', { participants: '' }, 'notANumber'],
  ['hexadecimal', { participants: '0x10' }, 'notANumber'],
  ['half a participant', { participants: '1.5' }, 'notANumber'],
  ['with a space', { conferences: ' 1' }, 'notANumber'],
  ['negative', { participants: '-1' }, 'negative'],
  ['negative rate', { packet_rate_upload: '-0.5' }, 'negative'],
  ['an impossible CPU', { cpu_usage: '7' }, 'outOfRange'],
  ['an impossible rate', { packet_rate_download: '1E300' }, 'outOfRange'],
  ['no boolean', { graceful_shutdown: 'yes' }, 'notABoolean'],
  ['no time', { current_timestamp: 'yesterday' }, 'notATimestamp'],
  ['a day that does not exist', { current_timestamp: '2026-13-22 14:23:46.456' }, 'notATimestamp'],
  ['61 s old', { current_timestamp: bridgeTime(now - 61_000) }, 'stale'],
  ['61 s ahead', { current_timestamp: bridgeTime(now + 61_000) }, 'fromTheFuture'],
])('nonsense is rejected with its reason: %s', (_, values, reason) => {
  expect(read(values)).toEqual({ kind: 'rejected', reason });
});

test.each([-60_000, 60_000])('a clock that differs by %d ms is tolerated', (difference) => {
  expect(read({ current_timestamp: bridgeTime(now + difference) })).toMatchObject({
    kind: 'report',
  });
});

test.each([
  'current_timestamp',
  'packet_rate_download',
  'packet_rate_upload',
  'conferences',
  'participants',
  'graceful_shutdown',
])('a report without %s is rejected', (missing) => {
  const stats = captured.filter(([name]) => name !== missing);
  expect(readStatsItem({ kind: 'item', itemId: ours, stats }, context)).toEqual({
    kind: 'rejected',
    reason: 'missingField',
  });
});

test('a report that contradicts itself is rejected', () => {
  const stats: RawStats = [...captured, ['participants', '5']];
  expect(readStatsItem({ kind: 'item', itemId: ours, stats }, context)).toEqual({
    kind: 'rejected',
    reason: 'contradictory',
  });
});

const nonsense = fc.oneof(
  fc.string(),
  fc.double().map(String),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.constantFrom('NaN', 'Infinity', '-0', '-1', '1e309', '1E9', 'null', 'true', '[]', '٣', '１'),
);

test('whatever comes over the wire, a report that gets through is sound', () => {
  const used = ['packet_rate_download', 'packet_rate_upload', 'conferences', 'participants'];
  const values = fc.dictionary(
    fc.constantFrom(...used, 'cpu_usage', 'graceful_shutdown'),
    nonsense,
  );
  let reports = 0;
  fc.assert(
    fc.property(values, (given) => {
      const reading = read(given);
      if (reading.kind === 'rejected') expect(rejectionReasons).toContain(reading.reason);
      if (reading.kind !== 'report') return;
      reports++;
      const { stressRatio, participantCount, conferenceCount } = reading.report;
      expect(Number.isFinite(stressRatio) && stressRatio >= 0).toBe(true);
      for (const count of [participantCount, conferenceCount])
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
      for (const name of used) expect(given[name] ?? '0').toMatch(/^(\d|-0)/);
    }),
    { numRuns: 2000 },
  );
  expect(reports).toBeGreaterThan(0);
});

test('arbitrary pairs and sender never throw', () => {
  const item = fc.record({
    kind: fc.constant('item' as const),
    itemId: fc.oneof(fc.string(), fc.constantFrom(ours, '__proto__', `constructor.${domain}`)),
    stats: fc.array(
      fc.tuple(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'participants')), nonsense),
    ),
  });
  fc.assert(
    fc.property(item, (given) => {
      expect(readStatsItem(given, context).kind).toBe('rejected');
    }),
  );
});
