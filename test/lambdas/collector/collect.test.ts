import type { Measurement } from '../../../lambdas/adapters/publish-metrics';
import type { Listening, StatsSource } from '../../../lambdas/adapters/stats-source';
import type { XmppAccount } from '../../../lambdas/adapters/xmpp';
import { collect, type CollectorParts } from '../../../lambdas/collector/collect';
import { bridgeTime, capturedStats, changed } from '../core/stanzas';

const now = Date.parse('2026-11-22T14:24:00Z');
const env = {
  fleet: 'blue',
  domain: 'meet.test',
  xmppHost: '10.0.0.5',
  xmppPort: 5222,
  windowSeconds: 12,
  maxPacketRate: 50800,
};

function item(name: string, secondsAgo: number, values: Readonly<Record<string, string>> = {}) {
  const current_timestamp = bridgeTime(now - secondsAgo * 1000);
  const stats = changed(capturedStats('component-event'), { ...values, current_timestamp });
  return { itemId: `${name}.meet.test`, stats };
}

function fakes(hear: (listening: Listening) => void) {
  const published: Measurement[][] = [];
  const accounts: XmppAccount[] = [];
  const listen: StatsSource = (account, listening) => {
    accounts.push(account);
    hear(listening);
    return Promise.resolve();
  };
  const parts: CollectorParts = {
    credentials: () => Promise.resolve({ password: 'pw', fingerprint: 'fp' }),
    listen,
    publish: (measurements) => {
      published.push([...measurements]);
      return Promise.resolve();
    },
    now: () => now,
  };
  return { parts, published, accounts };
}

const named = (published: Measurement[][], name: string) =>
  published.flat().filter((measurement) => measurement.name === name);

test('publishes the newest report of each bridge, and the fleet’s figures last', async () => {
  const { parts, published, accounts } = fakes(({ onItem }) => {
    onItem(item('jvb-0aaaaaaaa', 2, { participants: '5' }));
    onItem(item('jvb-0aaaaaaaa', 1, { participants: '7' }));
    onItem(item('jvb-0aaaaaaaa', 3, { participants: '4' }));
    onItem(item('jvb-0bbbbbbbb', 1, { graceful_shutdown: 'true', cpu_usage: '0.9' }));
    onItem(item('jitsi-videobridge', 1));
    onItem(item('jvb-0cccccccc', 1, { cpu_usage: 'NaN' }));
    onItem(item('videobridge2', 1));
    onItem(item('jvb-0dddddddd', 90));
  });
  const collected = await collect(parts, env, undefined);

  expect(collected).toMatchObject({
    result: 'published',
    observed: true,
    rejected: { notANumber: 1, unknownSender: 1, stale: 1 },
  });
  expect(named(published, 'Participants')).toEqual([
    {
      ...{ name: 'Participants', value: 7, unit: 'Count' },
      dimensions: { Fleet: 'blue', Bridge: 'jvb-0aaaaaaaa' },
    },
    {
      ...{ name: 'Participants', value: 0, unit: 'Count' },
      dimensions: { Fleet: 'blue', Bridge: 'jvb-0bbbbbbbb' },
    },
  ]);
  expect(named(published, 'Draining')).toEqual([
    {
      ...{ name: 'Draining', value: 1, unit: 'Count' },
      dimensions: { Fleet: 'blue', Bridge: 'jvb-0bbbbbbbb' },
    },
  ]);
  expect(named(published, 'Stress')[1]?.value).toBeCloseTo(1, 9);
  // The heartbeat comes last: whoever sees it sees the rest.
  expect(published.flat().slice(-2)).toEqual([
    { name: 'BridgesReporting', value: 2, unit: 'Count', dimensions: { Fleet: 'blue' } },
    { name: 'RejectedReports', value: 3, unit: 'Count', dimensions: { Fleet: 'blue' } },
  ]);
  expect(accounts).toEqual([
    {
      ...{ host: '10.0.0.5', port: 5222, domain: 'auth.meet.test' },
      ...{ username: 'bridges-collector', password: 'pw', fingerprint: 'fp' },
    },
  ]);
});

test('a silent fleet is published as zero bridges reporting', async () => {
  const { parts, published } = fakes(() => undefined);
  await collect(parts, env, undefined);
  expect(published.flat().map(({ name, value }) => [name, value])).toEqual([
    ['BridgesReporting', 0],
    ['RejectedReports', 0],
  ]);
});

test('stats that cannot be read are no zero: nothing is published and the error escapes', async () => {
  const { parts, published } = fakes(() => {
    throw new Error('stream broke');
  });
  await expect(collect(parts, env, undefined)).rejects.toThrow('stream broke');
  expect(published).toEqual([]);
});

test('without credentials nothing is tried', async () => {
  const { parts, published, accounts } = fakes(() => undefined);
  await expect(
    collect({ ...parts, credentials: () => Promise.resolve(undefined) }, env, undefined),
  ).resolves.toEqual({ result: 'notRegisteredYet' });
  expect(accounts).toEqual([]);
  expect(published).toEqual([]);
});

test.each([
  ['the first run in a container listens to the end', undefined, false],
  ['everyone known has reported', new Set(['i-0aaaaaaaa']), true],
  ['someone known is still missing', new Set(['i-0aaaaaaaa', 'i-0bbbbbbbb']), false],
  ['nobody was known', new Set<string>(), true],
])('enough is heard or not: %s', async (_, known, enough) => {
  const heard: boolean[] = [];
  const { parts } = fakes((listening) => {
    listening.onItem(item('jvb-0aaaaaaaa', 1));
    heard.push(listening.enough());
    expect(listening).toMatchObject({ service: 'meet.test', windowSeconds: 12, minimumSeconds: 6 });
  });
  await collect(parts, env, known);
  expect(heard).toEqual([enough]);
});

test('a rejected report does not count as heard', async () => {
  const { parts } = fakes((listening) => {
    listening.onItem(item('jvb-0aaaaaaaa', 1, { cpu_usage: 'NaN' }));
    expect(listening.enough()).toBe(false);
  });
  await collect(parts, env, new Set(['i-0aaaaaaaa']));
  expect.assertions(1);
});
