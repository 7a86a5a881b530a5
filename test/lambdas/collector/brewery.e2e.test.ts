import { setTimeout as pause } from 'node:timers/promises';
import { xml } from '@xmpp/client-core';
import { bridgeName } from '../../../lambdas/core/protocol/xmpp-names';
import { startOccupant, type Occupant, type OccupantOptions } from './occupant';
import { startProsody, type TestProsody } from './prosody';
import { runCollector } from './run-collector';

const first = 'i-0aaaaaaaaaaaaaaa1';
const second = 'i-0aaaaaaaaaaaaaaa2';
const password = 'correct4horse4battery4staple';
const accounts = {
  [bridgeName(first)]: password,
  [bridgeName(second)]: password,
  jvb: password,
  focus: password,
  stranger: password,
};

let prosody: TestProsody;
const inside: Occupant[] = [];
const leaveAll = () => Promise.all(inside.splice(0).map((each) => each.stop()));

const start = (rooms: 'open' | 'hidingAddresses') =>
  startProsody({
    ...{ password, components: {}, tls: 'offered' as const, node: 'firstBridge' as const },
    ...{ accounts, rooms },
  });
const occupant = async (
  account: string,
  more: Partial<Pick<OccupantOptions, 'nickname' | 'values' | 'every' | 'extra'>>,
) => {
  const { clientPort: port, fingerprint } = prosody;
  const entered = await startOccupant({
    ...{ port, fingerprint, account, password, nickname: account },
    ...more,
  });
  inside.push(entered);
  return entered;
};
const bridge = (instanceId: string, values: Readonly<Record<string, string>> = {}) =>
  occupant(bridgeName(instanceId), { values });
const run = (windowSeconds = 2, known?: ReadonlySet<string>) =>
  runCollector({
    ...{ generation: 'muc', port: prosody.clientPort, fingerprint: prosody.fingerprint, password },
    ...{ windowSeconds, known },
  });

describe('in a brewery as Jitsi\u2019s packages configure it', () => {
  beforeAll(async () => {
    prosody = await start('open');
  });
  afterEach(leaveAll);
  afterAll(() => prosody.stop());

  test('publishes what bridges report, and counts neither Jicofo nor the default bridge', async () => {
    const focus = await occupant('focus', {});
    await occupant('jvb', { nickname: '8c1f0c4e', values: {} });
    await bridge(first, { stress_level: '0.42', participants: '12', conferences: '3' });
    await bridge(second, { stress_level: '1.1205555555555555', drain: 'true' });
    const { collected, published } = await run();

    expect(collected).toMatchObject({ result: 'published', observed: true, rejected: {} });
    const valueOf = (name: string, of?: string) =>
      published.find(({ name: n, dimensions }) => n === name && dimensions['Bridge'] === of)?.value;
    expect(valueOf('Stress', bridgeName(first))).toBe(0.42);
    expect(valueOf('Participants', bridgeName(first))).toBe(12);
    expect(valueOf('Conferences', bridgeName(first))).toBe(3);
    expect(valueOf('Draining', bridgeName(first))).toBeUndefined();
    expect(valueOf('Stress', bridgeName(second))).toBe(1.1205555555555555);
    expect(valueOf('Draining', bridgeName(second))).toBe(1);
    expect(valueOf('BridgesReporting')).toBe(2);
    expect(focus.seen()).toContain('bridges-collector');
    // Prosody tells the others of it when the collector has gone already.
    while (!focus.seen().includes('bridges-collector unavailable'))
      await new Promise((resolve) => setTimeout(resolve, 50));
  });

  test('ends before the window when everyone known has reported, but not before all can have', async () => {
    await bridge(first);
    const start = Date.now();
    const { collected } = await run(20, new Set([first]));
    const seconds = (Date.now() - start) / 1000;
    expect(collected).toMatchObject({ reports: [{ instanceId: first }] });
    expect(seconds).toBeGreaterThan(5.5);
    expect(seconds).toBeLessThan(12);
  });

  test('believes nobody who speaks for another', async () => {
    const mucUser = { xmlns: 'http://jabber.org/protocol/muc#user' };
    const forged = xml(
      'x',
      mucUser,
      xml('item', { jid: `${bridgeName(first)}@auth.meet.test/x`, role: 'moderator' }),
      xml('status', { code: '110' }),
    );
    await occupant('stranger', { nickname: bridgeName(first), values: {}, extra: [forged] });
    await bridge(second);
    const { collected } = await run();
    expect(collected).toMatchObject({
      reports: [{ instanceId: second }],
      rejected: { otherAccount: expect.any(Number) as number },
    });
  });

  test('refuses nonsense and keeps reading', async () => {
    await bridge(first, { stress_level: 'NaN' });
    await occupant('stranger', { nickname: `x${'\u00e4'.repeat(500)}`, values: {} });
    await bridge(second, { participants: '7' });
    const { collected } = await run();
    expect(collected).toMatchObject({
      reports: [{ instanceId: second, participantCount: 7 }],
      rejected: {
        notANumber: expect.any(Number) as number,
        unknownSender: expect.any(Number) as number,
      },
    });
  });

  test('takes a frozen bridge, whose last presence the room repeats for ever, for silent', async () => {
    await occupant(bridgeName(first), { values: { participants: '3' }, every: 'once' });
    await bridge(second);
    const { collected } = await run();
    expect(collected).toMatchObject({
      reports: [{ instanceId: second }],
      rejected: { frozen: 1 },
    });
  });

  test('forgets the report of a bridge that leaves while it listens', async () => {
    const leaving = await bridge(first);
    await bridge(second);
    const collecting = run(3);
    await pause(1500);
    await leaving.stop();
    expect((await collecting).collected).toMatchObject({ reports: [{ instanceId: second }] });
  });

  test('reads on when somebody has taken its nickname', async () => {
    await occupant('stranger', { nickname: 'bridges-collector' });
    await bridge(first);
    expect((await run()).collected).toMatchObject({ reports: [{ instanceId: first }] });
  });

  test('waits for a room that is not there yet', async () => {
    const collecting = run(9);
    await pause(1000);
    await bridge(first);
    expect((await collecting).collected).toMatchObject({ reports: [{ instanceId: first }] });
  });

  test('makes no room where there is none, and publishes no zero', async () => {
    await expect(run()).rejects.toMatchObject({
      name: 'BreweryClosedError',
      message: expect.stringContaining('neither Jicofo nor a bridge is in it') as string,
    });
  });
});

describe('in a brewery that hides who is who', () => {
  beforeAll(async () => {
    prosody = await start('hidingAddresses');
  });
  afterAll(async () => {
    await leaveAll();
    await prosody.stop();
  });

  test('fails with what to do about it, and publishes no zero', async () => {
    await occupant('focus', {});
    await bridge(first);
    await expect(run()).rejects.toMatchObject({ name: 'HiddenAddressesError' });
  });
});
