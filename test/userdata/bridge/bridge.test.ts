import { bridgeActions } from '../../../lambdas/core/protocol/documents';
import { StubBridge, type Outcome } from './stub-bridge';

const asked = 'shutdown application/json {"graceful-shutdown":"true"}';
const idle = {
  running: true,
  healthy: true,
  gracefulShutdown: false,
  draining: false,
  conferences: 0,
  participants: 0,
};

function json({ stdout }: Outcome): unknown {
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout);
}

describe.each(['component', 'muc'] as const)('bridge.sh of generation %s', (generation) => {
  let bridge: StubBridge;

  beforeEach(async () => {
    bridge = new StubBridge(generation);
    await bridge.listen();
  });

  afterEach(() => bridge.stop());

  test.each(bridgeActions.filter((action) => action !== 'renew'))(
    'knows the action %s of the contract',
    async (action) => {
      const outcome = await bridge.ask(action);
      expect(outcome).toMatchObject({ exitCode: 0, stderr: '' });
      expect(json(outcome)).toMatchObject({ ok: true, action });
    },
  );

  test.each([[['force']], [[]], [['']]])('refuses %j with its usage', async (args) => {
    const outcome = await bridge.ask(...args);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '' });
    expect(outcome.stderr).toContain('usage: bridge.sh');
    expect(bridge.requests).toEqual([]);
  });

  describe('status', () => {
    test('tells what the bridge says of itself', async () => {
      Object.assign(bridge, { conferences: 2, participants: 7, healthy: false });
      expect(json(await bridge.ask('status'))).toEqual({
        ...{ ok: true, action: 'status' },
        ...{ ...idle, conferences: 2, participants: 7, healthy: false },
      });
    });

    test('leaves out the figures of a bridge that does not answer', async () => {
      bridge.answering = false;
      expect(json(await bridge.ask('status'))).toEqual({
        ...{ ok: true, action: 'status' },
        ...{ running: true, healthy: false },
      });
    });

    test('tells a process that is gone', async () => {
      Object.assign(bridge, { answering: false, running: false });
      expect(json(await bridge.ask('status'))).toMatchObject({ ok: true, running: false });
    });
  });

  describe.each(generation === 'component' ? ['drain', 'shutdown'] : ['shutdown'])(
    '%s',
    (action) => {
      test('takes no new conferences any more and leaves those that are there', async () => {
        Object.assign(bridge, { conferences: 1, participants: 3 });
        expect(json(await bridge.ask(action))).toEqual({
          ...{ ok: true, action },
          ...{ ...idle, gracefulShutdown: true, draining: true, conferences: 1, participants: 3 },
        });
        expect(bridge.requests).toEqual([asked]);
      });

      test('asks nothing of a bridge that is in graceful shutdown already', async () => {
        bridge.gracefulShutdown = true;
        expect(json(await bridge.ask(action))).toMatchObject({ ok: true, gracefulShutdown: true });
        expect(bridge.requests).toEqual([]);
      });

      test('keeps a bridge from coming back whose process is gone', async () => {
        Object.assign(bridge, { answering: false, running: false });
        expect(json(await bridge.ask(action))).toMatchObject({ ok: true, running: false });
        expect(bridge.requests).toEqual(['stop']);
      });
    },
  );

  describe('drain and shutdown', () => {
    test.each([
      ['refused', { shutdownStatus: 401 }],
      ['unconfirmed', { shutdownWorks: false }],
      ['unanswered', { answering: false }],
    ])('fails as %s', async (error, state) => {
      for (const action of ['drain', 'shutdown']) {
        Object.assign(bridge, state);
        const outcome = await bridge.ask(action);
        expect(outcome.exitCode).toBe(1);
        expect(json(outcome)).toMatchObject({ ok: false, action, error });
      }
    });
  });

  describe('undrain', () => {
    test('has nothing to do when the bridge is not in graceful shutdown', async () => {
      expect(json(await bridge.ask('undrain'))).toEqual({ ok: true, action: 'undrain', ...idle });
    });

    test.each([
      ['irreversible', { gracefulShutdown: true }],
      ['unanswered', { answering: false }],
    ])('fails as %s', async (error, state) => {
      Object.assign(bridge, state);
      const outcome = await bridge.ask('undrain');
      expect(outcome.exitCode).toBe(1);
      expect(json(outcome)).toMatchObject({ ok: false, action: 'undrain', error });
      expect(bridge.requests).toEqual([]);
    });
  });

  describe.each(['restart', 'recycle'])('%s', (action) => {
    test('makes an empty bridge take conferences again', async () => {
      bridge.gracefulShutdown = true;
      expect(json(await bridge.ask(action))).toEqual({ ok: true, action, ...idle });
      expect(bridge.requests).toEqual(['restart']);
    });

    test.each([
      ['a participant', { participants: 1 }],
      ['a conference whose participants are not counted yet', { conferences: 1 }],
      ['a call in graceful shutdown', { gracefulShutdown: true, conferences: 1, participants: 2 }],
    ])('refuses with %s', async (_, state) => {
      Object.assign(bridge, state);
      const outcome = await bridge.ask(action);
      expect(outcome.exitCode).toBe(1);
      expect(json(outcome)).toEqual({
        ...{ ok: false, action, error: 'participants' },
        ...{ ...idle, ...state, draining: 'gracefulShutdown' in state },
      });
      expect(bridge.requests).toEqual([]);
    });

    test('leaves a process alone that runs but does not say whether it has calls', async () => {
      bridge.answering = false;
      const outcome = await bridge.ask(action);
      expect(outcome.exitCode).toBe(1);
      expect(json(outcome)).toMatchObject({ ok: false, error: 'unanswered' });
      expect(bridge.requests).toEqual([]);
    });

    test('starts a bridge whose process is gone', async () => {
      Object.assign(bridge, { answering: false, running: false });
      expect(json(await bridge.ask(action))).toEqual({ ok: true, action, ...idle });
      expect(bridge.requests).toEqual(['restart']);
    });
  });
});

describe('the drain of generation muc', () => {
  let bridge: StubBridge;

  beforeEach(async () => {
    bridge = new StubBridge('muc');
    await bridge.listen();
  });

  afterEach(() => bridge.stop());

  test('takes no new conferences, and is no shutdown', async () => {
    Object.assign(bridge, { conferences: 1, participants: 3 });
    expect(json(await bridge.ask('drain'))).toEqual({
      ...{ ok: true, action: 'drain' },
      ...{ ...idle, draining: true, conferences: 1, participants: 3 },
    });
    expect(bridge.requests).toEqual(['POST /colibri/drain/enable']);
  });

  test.each([{ drain: true }, { gracefulShutdown: true }])(
    'has nothing to do with %j',
    async (state) => {
      Object.assign(bridge, state);
      expect(json(await bridge.ask('drain'))).toMatchObject({ ok: true, draining: true });
      expect(bridge.requests).toEqual([]);
    },
  );

  test('is reversible', async () => {
    bridge.drain = true;
    expect(json(await bridge.ask('undrain'))).toEqual({ ok: true, action: 'undrain', ...idle });
    expect(bridge.requests).toEqual(['POST /colibri/drain/disable']);
  });

  test('fails when the bridge does not do it', async () => {
    Object.assign(bridge, { drain: true, shutdownWorks: false });
    expect(json(await bridge.ask('undrain'))).toMatchObject({ ok: false, error: 'unconfirmed' });
  });

  test('does not stand in the way of the shutdown', async () => {
    bridge.drain = true;
    expect(json(await bridge.ask('shutdown'))).toMatchObject({ ok: true, gracefulShutdown: true });
    expect(bridge.requests).toEqual([asked]);
  });

  test('tells of a call that came before Jicofo knew of the shutdown', async () => {
    const answer = bridge.ask('shutdown');
    setTimeout(() => (bridge.conferences = 1), 3000);
    expect(json(await answer)).toMatchObject({ ok: true, conferences: 1 });
  });
});

describe('renew', () => {
  test('restarts nothing when there is no secret to be had', async () => {
    const bridge = new StubBridge('component');
    await bridge.listen();
    const outcome = await bridge.ask('renew');
    await bridge.stop();
    expect(json(outcome)).toMatchObject({ ok: false, action: 'renew', error: 'unrenewed' });
    expect(bridge.requests).toEqual([]);
  });

  test.each([{ participants: 1 }, { conferences: 1 }])(
    'fetches nothing and leaves a bridge alone with %j',
    async (state) => {
      const bridge = new StubBridge('muc');
      await bridge.listen();
      Object.assign(bridge, state);
      const outcome = await bridge.ask('renew');
      await bridge.stop();
      expect(json(outcome)).toMatchObject({ ok: false, action: 'renew', error: 'participants' });
      expect(bridge.requests).toEqual([]);
    },
  );
});
