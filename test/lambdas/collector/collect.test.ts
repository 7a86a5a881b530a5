import type { Measurement } from '../../../lambdas/adapters/aws/publish-metrics';
import type { Listening, StatsSource } from '../../../lambdas/adapters/xmpp/stats-source';
import type { XmppAccount } from '../../../lambdas/adapters/xmpp/connection';
import { collect, type CollectorPorts } from '../../../lambdas/collector/collect';
import type { BreweryPresence } from '../../../lambdas/core/stats/stats-muc';
import { bridgeTime, capturedStats, changed } from '../core/stanzas';

const now = Date.parse('2026-11-22T14:24:00Z');
const env = {
  fleet: 'blue',
  domain: 'meet.test',
  generation: 'component' as const,
  names: { authHost: 'auth.meet.test', brewery: 'JvbBrewery@internal.auth.meet.test' },
  xmppHost: '10.0.0.5',
  xmppPort: 5222,
  windowSeconds: 12,
  maxPacketRate: 50800,
};

function item(name: string, secondsAgo: number, values: Readonly<Record<string, string>> = {}) {
  const current_timestamp = bridgeTime(now - secondsAgo * 1000);
  const stats = changed(capturedStats('component-event'), { ...values, current_timestamp });
  return { kind: 'item' as const, itemId: `${name}.meet.test`, stats };
}

function fakes(hear: (listening: Listening) => void) {
  const published: Measurement[][] = [];
  const accounts: XmppAccount[] = [];
  const listen: StatsSource = (account, listening) => {
    accounts.push(account);
    hear(listening);
    return Promise.resolve();
  };
  const ports: CollectorPorts = {
    credentials: () => Promise.resolve({ names: env.names, password: 'pw', fingerprint: 'fp' }),
    listen: () => listen,
    publish: (measurements) => {
      published.push([...measurements]);
      return Promise.resolve();
    },
    now: () => now,
  };
  return { ports, published, accounts };
}

const named = (published: Measurement[][], name: string) =>
  published.flat().filter((measurement) => measurement.name === name);

test('publishes the newest report of each bridge, and the fleet’s figures last', async () => {
  const { ports, published, accounts } = fakes(({ onHeard }) => {
    onHeard(item('jvb-0aaaaaaaa', 2, { participants: '5' }));
    onHeard(item('jvb-0aaaaaaaa', 1, { participants: '7' }));
    onHeard(item('jvb-0aaaaaaaa', 3, { participants: '4' }));
    onHeard(item('jvb-0bbbbbbbb', 1, { graceful_shutdown: 'true', cpu_usage: '0.9' }));
    onHeard(item('jitsi-videobridge', 1));
    onHeard(item('jvb-0cccccccc', 1, { cpu_usage: 'NaN' }));
    onHeard(item('videobridge2', 1));
    onHeard(item('jvb-0dddddddd', 90));
  });
  const collected = await collect(ports, env, undefined);

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
    { name: 'Participants', value: 7, unit: 'Count', dimensions: { Fleet: 'blue' } },
  ]);
  expect(named(published, 'DrainsReported').map(({ value }) => value)).toEqual([1]);
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
  const { ports, published } = fakes(() => undefined);
  await collect(ports, env, undefined);
  expect(published.flat().map(({ name, value }) => [name, value])).toEqual([
    ['DrainsReported', 0],
    ['Participants', 0],
    ['BridgesReporting', 0],
    ['RejectedReports', 0],
  ]);
});

test('stats that cannot be read are no zero: nothing is published and the error escapes', async () => {
  const { ports, published } = fakes(() => {
    throw new Error('stream broke');
  });
  await expect(collect(ports, env, undefined)).rejects.toThrow('stream broke');
  expect(published).toEqual([]);
});

test('without credentials nothing is tried', async () => {
  const { ports, published, accounts } = fakes(() => undefined);
  await expect(
    collect({ ...ports, credentials: () => Promise.resolve(undefined) }, env, undefined),
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
  const { ports } = fakes((listening) => {
    listening.onHeard(item('jvb-0aaaaaaaa', 1));
    heard.push(listening.enough());
    expect(listening).toMatchObject({ windowSeconds: 12, minimumSeconds: 6 });
  });
  await collect(ports, env, known);
  expect(heard).toEqual([enough]);
});

test('a rejected report does not count as heard', async () => {
  const { ports } = fakes((listening) => {
    listening.onHeard(item('jvb-0aaaaaaaa', 1, { cpu_usage: 'NaN' }));
    expect(listening.enough()).toBe(false);
  });
  await collect(ports, env, new Set(['i-0aaaaaaaa']));
  expect.assertions(1);
});

describe('in a brewery', () => {
  const first = 'jvb-0aaaaaaaa';
  const second = 'jvb-0bbbbbbbb';

  const presence = (
    nickname: string,
    secondsAgo: number,
    more: Partial<BreweryPresence> & { values?: Readonly<Record<string, string>> } = {},
  ): BreweryPresence => {
    const { values = {}, ...rest } = more;
    const current_timestamp = bridgeTime(now - secondsAgo * 1000);
    return {
      kind: 'presence',
      nickname,
      accounts: [`${nickname}@auth.meet.test`],
      moment: 'live',
      stats: changed(capturedStats('muc-presence'), { ...values, current_timestamp }),
      ...rest,
    };
  };

  const reportsOf = async (heard: readonly BreweryPresence[]) => {
    const { ports } = fakes(({ onHeard }) => heard.forEach(onHeard));
    const collected = await collect(ports, { ...env, generation: 'muc' }, undefined);
    if (collected.result !== 'published') throw new Error('nothing was published');
    const { reports, rejected } = collected;
    return { bridges: reports.map(({ instanceId }) => instanceId), rejected };
  };

  test('publishes what bridges say of themselves', async () => {
    const values = { stress_level: '1.12', participants: '9', conferences: '2', drain: 'true' };
    const { ports, published } = fakes(({ onHeard }) => onHeard(presence(first, 1, { values })));
    await collect(ports, { ...env, generation: 'muc' }, undefined);
    expect(published.flat().map(({ name, value }) => [name, value])).toEqual([
      ['Stress', 1.12],
      ['Participants', 9],
      ['Conferences', 2],
      ['Draining', 1],
      ['DrainsReported', 1],
      ['Participants', 9],
      ['BridgesReporting', 1],
      ['RejectedReports', 0],
    ]);
  });

  test.each<[string, readonly BreweryPresence[], object]>([
    ['repeated for us only', [], { bridges: [], rejected: { frozen: 1 } }],
    [
      'passed on again with the time that it had',
      [presence(first, 4)],
      { bridges: [], rejected: { frozen: 1 } },
    ],
    ['followed by a newer one', [presence(first, 1)], { bridges: ['i-0aaaaaaaa'], rejected: {} }],
    [
      'followed by one that is no report',
      [presence(first, 1, { values: { healthy: 'false' } })],
      { bridges: [], rejected: { unhealthy: 1 } },
    ],
    [
      'followed by its leaving',
      [presence(first, 0, { stats: 'left' })],
      { bridges: [], rejected: {} },
    ],
  ])(
    'a presence from before we came proves life only when it is not just %s',
    async (_, live, expected) => {
      const before = presence(first, 4, { moment: 'atJoin' });
      expect(await reportsOf([before, ...live])).toEqual(expected);
    },
  );

  test('one that is too old to be believed is frozen too', async () => {
    expect(await reportsOf([presence(first, 3600, { moment: 'atJoin' })])).toEqual({
      bridges: [],
      rejected: { frozen: 1 },
    });
  });

  test('a bridge that leaves takes its report along, and one that comes back brings another', async () => {
    const left = (nickname: string) => presence(nickname, 0, { stats: 'left' });
    const heard = [presence(first, 3), presence(second, 3), left(first), left(second)];
    expect(await reportsOf([...heard, presence(second, 0)])).toMatchObject({
      bridges: ['i-0bbbbbbbb'],
    });
  });

  test('nobody else can make it leave', async () => {
    const stranger = { stats: 'left' as const, accounts: ['evil@meet.test'] };
    expect(await reportsOf([presence(first, 1), presence(first, 0, stranger)])).toMatchObject({
      bridges: ['i-0aaaaaaaa'],
    });
  });

  test('a room that hides who is who is no silence of the bridges: the error says what to do', async () => {
    const { ports, published } = fakes(({ onHeard }) =>
      onHeard(presence(first, 1, { accounts: [] })),
    );
    await expect(collect(ports, { ...env, generation: 'muc' }, undefined)).rejects.toThrow(
      'set muc_room_default_public_jids = true',
    );
    expect(published).toEqual([]);
  });
});
