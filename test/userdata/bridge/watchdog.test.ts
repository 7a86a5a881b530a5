import { StubBridge } from './stub-bridge';

describe('watchdog', () => {
  let bridge: StubBridge;

  beforeEach(async () => {
    bridge = new StubBridge('muc');
    await bridge.listen();
  });

  afterEach(() => bridge.stop());

  test('leaves a healthy bridge alone', async () => {
    expect(await bridge.watch({ seconds: 3 })).toBe('');
    expect(bridge.requests).toEqual([]);
  });

  test('restarts a sick bridge without calls, and counts that', async () => {
    bridge.healthy = false;
    const said = await bridge.watch({ text: 'watchdog: restarted' });
    expect(said).toMatch(/^jitsi-bridges watchdog: not healthy\n/);
    expect(said).toContain('watchdog: restarted: {"ok":true,"action":"restart"');
    expect(bridge.requests[0]).toBe('restart');
    expect(bridge.requests).toHaveLength(2);
    expect(bridge.requests[1]).toMatch(
      /^aws .*put-metric-data --namespace JitsiBridges\/Hosts .*WatchdogRestarts/,
    );
  });

  test.each([
    ['participants', { participants: 2 }, '"error":"participants"'],
    ['a conference that nobody is counted in yet', { conferences: 1 }, '"error":"participants"'],
    ['a drain', { drain: true }, 'and draining: left to the scaler'],
    ['a graceful shutdown', { gracefulShutdown: true }, 'and draining: left to the scaler'],
  ])('does not restart a sick bridge with %s', async (_name, state, reason) => {
    Object.assign(bridge, state, { healthy: false });
    expect(await bridge.watch({ text: reason })).toContain(reason);
    expect(bridge.requests).toEqual([]);
  });

  test('does not restart a process that does not say whether it has calls', async () => {
    bridge.answering = false;
    expect(await bridge.watch({ text: 'unanswered' })).toContain('"error":"unanswered"');
    expect(bridge.requests).toEqual([]);
  });

  test('does not bring back a service that was stopped', async () => {
    Object.assign(bridge, { running: false, answering: false });
    expect(await bridge.watch({ seconds: 4 })).toBe('');
    expect(bridge.requests).toEqual([]);
  });

  test('blames no bridge for a Prosody that is down', async () => {
    bridge.mucsJoined = 0;
    const said = await bridge.watch({ text: 'Prosody does not answer' });
    expect(said).toContain('watchdog: not connected to Prosody\n');
    expect(said).toContain('Prosody does not answer');
    expect(bridge.requests).toEqual([]);
  });
});
