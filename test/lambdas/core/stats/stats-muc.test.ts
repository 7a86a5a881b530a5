import fc from 'fast-check';
import { rejectionReasons, type StatsReading } from '../../../../lambdas/core/stats/stats';
import {
  readBreweryPresence,
  type BreweryPresence,
} from '../../../../lambdas/core/stats/stats-muc';
import { bridgeTime, capturedStats, changed } from '../stanzas';

const domain = 'meet.test';
const nickname = 'jvb-0abc1234def567890';
const account = `${nickname}@auth.meet.test`;
/** A second after the time in the captured stanza. */
const now = Date.parse('2026-11-22T14:12:10.772Z');
const context = { domain, now, maxPacketRate: 50800 };
const captured = capturedStats('muc-presence');

function read(
  values: Readonly<Record<string, string>>,
  more: Partial<BreweryPresence> = {},
): StatsReading {
  return readBreweryPresence(
    {
      ...{ kind: 'presence', nickname, accounts: [account], moment: 'live' },
      stats: changed(captured, values),
      ...more,
    },
    context,
  );
}

test('a real report is read', () => {
  expect(captured).toHaveLength(82);
  expect(read({})).toEqual({
    kind: 'report',
    report: {
      instanceId: 'i-0abc1234def567890',
      reportedAt: now - 1000,
      stressRatio: 0.007261883407316454,
      participantCount: 0,
      conferenceCount: 0,
      draining: false,
    },
  });
});

test.each(['muc-presence-draining', 'muc-presence-shutting-down'])(
  'a real bridge that takes no new conferences says so: %s',
  (name) => {
    const stats = changed(capturedStats(name), { current_timestamp: bridgeTime(now) });
    expect(read({}, { stats })).toMatchObject({ report: { draining: true } });
  },
);

test.each([
  ['drain', { drain: 'true' }, true],
  ['graceful shutdown with calls', { graceful_shutdown: 'true' }, true],
  ['shutting down', { shutting_down: 'true' }, true],
  ['none of them', {}, false],
])('draining: %s', (_, values, draining) => {
  expect(read(values)).toMatchObject({ report: { draining } });
});

test('stress is as the bridge has it, also above 1', () => {
  expect(read({ stress_level: '1.1205555555555555' })).toMatchObject({
    report: { stressRatio: 1.1205555555555555 },
  });
});

test('whoever is seen by either count is there', () => {
  expect(read({ participants: '0', local_endpoints: '3' })).toMatchObject({
    report: { participantCount: 3 },
  });
  expect(read({ participants: '5', local_endpoints: '2' })).toMatchObject({
    report: { participantCount: 5 },
  });
});

test('a bridge that is not healthy is no report', () => {
  expect(read({ healthy: 'false' })).toMatchObject({ kind: 'rejected', reason: 'unhealthy' });
});

test('a bridge that is too old to speak of its health, drain and endpoints is read', () => {
  const newer = ['healthy', 'drain', 'shutting_down', 'local_endpoints'];
  const stats = captured.filter(([name]) => !newer.includes(name));
  expect(read({}, { stats })).toMatchObject({ kind: 'report', report: { draining: false } });
});

test.each([
  ['as Prosody writes it', [account]],
  ['in another case', [account.toUpperCase()]],
  ['with two sessions', [account, account]],
])('the account is its own: %s', (_, accounts) => {
  expect(read({}, { accounts })).toMatchObject({ kind: 'report' });
});

test.each([
  ['a guest', ['evil@meet.test']],
  ['another bridge', ['jvb-0bbbbbbbb@auth.meet.test']],
  ['the default bridge', ['jvb@auth.meet.test']],
  ['the same name elsewhere', [`${nickname}@auth.evil.test`]],
  ['the same name on the public host', [`${nickname}@meet.test`]],
  ['a longer name', [`x${account}`]],
  ['one session of two', [account, 'evil@meet.test']],
])('a nickname of a bridge under another account is refused: %s', (_, accounts) => {
  expect(read({}, { accounts })).toEqual({ kind: 'rejected', reason: 'otherAccount' });
});

test('a nickname whose account the room hides is refused, with a reason of its own', () => {
  expect(read({}, { accounts: [] })).toEqual({ kind: 'rejected', reason: 'hiddenAddress' });
});

test('the default bridge of Server A is observed under any nickname', () => {
  const defaultBridge = { nickname: '8c1f', accounts: ['jvb@auth.meet.test'] };
  expect(read({}, defaultBridge)).toEqual({ kind: 'observed' });
});

test.each([
  ['no nickname', ''],
  ['upper case', nickname.toUpperCase()],
  ['something behind', `${nickname}x`],
  ['a line break', `${nickname}\n`],
  ['4 KB', 'a'.repeat(4096)],
])('stats under a nickname that is not a bridge of ours are of an unknown sender: %s', (_, odd) => {
  expect(read({}, { nickname: odd })).toEqual({ kind: 'rejected', reason: 'unknownSender' });
});

test('an occupant without stats says nothing', () => {
  const focus = { nickname: 'focus', accounts: ['focus@auth.meet.test'], stats: undefined };
  expect(read({}, focus)).toEqual({ kind: 'nothing' });
  expect(read({}, { stats: undefined, accounts: [] })).toEqual({ kind: 'nothing' });
});

test('leaving counts only under the bridge\u2019s own account', () => {
  expect(read({}, { stats: 'left' })).toEqual({ kind: 'left', instanceId: 'i-0abc1234def567890' });
  for (const accounts of [[], ['evil@meet.test']])
    expect(read({}, { stats: 'left', accounts })).toEqual({ kind: 'nothing' });
});

test.each([
  ['NaN', { stress_level: 'NaN' }, 'notANumber'],
  ['infinite', { stress_level: 'Infinity' }, 'notANumber'],
  ['an impossible stress', { stress_level: '1E300' }, 'outOfRange'],
  ['negative stress', { stress_level: '-0.5' }, 'negative'],
  ['negative', { participants: '-1' }, 'negative'],
  ['half a conference', { conferences: '0.5' }, 'notANumber'],
  ['no boolean', { drain: 'yes' }, 'notABoolean'],
  ['no health', { healthy: '' }, 'notABoolean'],
  ['61 s old', { current_timestamp: bridgeTime(now - 61_000) }, 'stale'],
  ['61 s ahead', { current_timestamp: bridgeTime(now + 61_000) }, 'fromTheFuture'],
])('nonsense is rejected with its reason: %s', (_, values, reason) => {
  expect(read(values)).toEqual({
    ...{ kind: 'rejected', reason },
    instanceId: 'i-0abc1234def567890',
  });
});

test.each([
  'current_timestamp',
  'stress_level',
  'conferences',
  'participants',
  'graceful_shutdown',
])('a report without %s is rejected', (missing) => {
  const stats = captured.filter(([name]) => name !== missing);
  expect(read({}, { stats })).toMatchObject({ kind: 'rejected', reason: 'missingField' });
});

test('whatever comes over the wire, nothing throws, and a report that gets through is sound', () => {
  const value = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.integer().map(String),
    fc.constantFrom('NaN', 'Infinity', '-0', '-1', '1e309', '1E9', 'true', '[]', '\u0663'),
  );
  const used = ['stress_level', 'conferences', 'participants', 'local_endpoints', 'healthy'];
  const given = fc.record({
    nickname: fc.oneof(fc.constant(nickname), fc.string(), fc.constant('__proto__')),
    accounts: fc.array(fc.oneof(fc.constant(account), fc.string()), { maxLength: 2 }),
    values: fc.dictionary(fc.constantFrom(...used), value),
    extra: fc.array(fc.tuple(fc.constantFrom('__proto__', ...used), value), { maxLength: 2 }),
  });
  let reports = 0;
  fc.assert(
    fc.property(given, ({ values, extra, ...who }) => {
      const reading = read(values, { ...who, stats: [...changed(captured, values), ...extra] });
      if (reading.kind === 'rejected') expect(rejectionReasons).toContain(reading.reason);
      if (reading.kind !== 'report') return;
      reports++;
      expect(who).toEqual({ nickname, accounts: who.accounts.map(() => account) });
      const { stressRatio, participantCount, conferenceCount } = reading.report;
      expect(Number.isFinite(stressRatio) && stressRatio >= 0).toBe(true);
      for (const count of [participantCount, conferenceCount])
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(reports).toBeGreaterThan(0);
});
