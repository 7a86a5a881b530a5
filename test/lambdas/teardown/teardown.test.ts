import { parseOverrides } from '../../../lambdas/core/model/overrides';
import { bridgeSecretName } from '../../../lambdas/core/protocol/parameters';
import { tearDown } from '../../../lambdas/teardown/teardown';
import { origin } from '../traces';
import { env, FakeFleet, requestOf } from './fake-fleet';

function asked(fleet: FakeFleet, properties: Readonly<Record<string, string>> = {}) {
  return tearDown(fleet.ports(), env, requestOf('Delete', properties));
}

const refused = (text: string) => ({
  status: 'FAILED',
  reason: expect.stringContaining(text) as unknown,
});

describe('what costs nothing', () => {
  test.each(['Create', 'Update'] as const)('%s succeeds and touches nothing', async (type) => {
    const fleet = new FakeFleet();
    fleet.add('i-1', { participants: [3] });
    expect(await tearDown(fleet.ports(), env, requestOf(type, {}))).toEqual({ status: 'SUCCESS' });
    expect(fleet.writes).toEqual([]);
  });

  test.each([
    'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
    'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
  ])(
    'the fleet outlives the loss of the resource in a stack that stays (%s)',
    async (stackStatus) => {
      const fleet = new FakeFleet();
      fleet.stackStatus = stackStatus;
      fleet.add('i-1');
      expect(await asked(fleet)).toEqual({ status: 'SUCCESS' });
      expect(fleet.writes).toEqual([]);
    },
  );
});

describe('empty', () => {
  it('pauses, waits for the tick under way, refuses new calls, and only then terminates', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1');
    fleet.add('i-2');
    expect(await asked(fleet)).toEqual({ status: 'SUCCESS' });
    expect(fleet.writes).toEqual([
      'pause',
      'tick',
      'shutdown i-1',
      'shutdown i-2',
      'terminate i-1',
      'terminate i-2',
    ]);
    expect([...fleet.bridges.values()].map(({ state }) => state)).toEqual([
      'terminated',
      'terminated',
    ]);
  });

  it('pauses in the form that the scaler reads, for longer than the deletion can take', async () => {
    const fleet = new FakeFleet();
    fleet.overrides = JSON.stringify({ scale: { to: 3, until: fleet.now + 9999 } });
    const { now } = fleet;
    await asked(fleet);
    const { overrides, problem } = parseOverrides(fleet.overrides);
    expect(problem).toBeUndefined();
    // A pause yields to an ordered size: that one must not stay in force.
    expect(overrides).toEqual({ pause: { until: now + 7200 } });
  });

  test.each([
    ['has participants', { participants: [2] }, 'i-1 (running, 2 participants, 1 conferences)'],
    ['does not answer', { answers: false }, 'i-1 (unreachable)'],
  ])('refuses, and has changed nothing, while a bridge %s', async (_, bridge, said) => {
    const fleet = new FakeFleet();
    fleet.add('i-0');
    fleet.add('i-1', bridge);
    expect(await asked(fleet)).toEqual(refused(`Calls may be running on ${said}`));
    expect(fleet.writes).toEqual([]);
  });

  it('names the way out', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1', { participants: [1] });
    expect(await asked(fleet)).toEqual(refused('docs/operations.md, Removing a fleet'));
  });

  it('terminates nothing when a call began after the first look, and gives the fleet back', async () => {
    const fleet = new FakeFleet();
    fleet.overrides = '{"bounds":{"min":2,"until":1900000000}}';
    fleet.add('i-0');
    fleet.add('i-1', { participants: [0, 4] });
    expect(await asked(fleet)).toEqual(refused('i-1'));
    expect(fleet.writes.filter((write) => write.startsWith('terminate'))).toEqual([]);
    expect(fleet.overrides).toBe('{"bounds":{"min":2,"until":1900000000}}');
  });

  it('also terminates a bridge that the last tick launched', async () => {
    const fleet = new FakeFleet();
    fleet.onTick = () => fleet.add('i-9', { state: 'pending', registered: false });
    expect(await asked(fleet)).toEqual({ status: 'SUCCESS' });
    expect(fleet.bridges.get('i-9')?.state).toBe('terminated');
  });

  it('needs no word of those that cannot have calls: never registered, or not running', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1', { registered: false, answers: false });
    fleet.add('i-2', { state: 'stopped', answers: false });
    expect(await asked(fleet)).toEqual({ status: 'SUCCESS' });
    expect(fleet.writes).toEqual([
      'pause',
      'tick',
      'shutdown i-1',
      'terminate i-1',
      'terminate i-2',
    ]);
  });

  it.each([
    ['has calls', { participants: [3] }, []],
    ['does not answer and has a secret', { answers: false }, ['i-1']],
  ])(
    'asks one without the tag of its registration too, and refuses when it %s',
    async (_, bridge, secrets) => {
      const fleet = new FakeFleet();
      fleet.parameters.push(...secrets.map((id) => bridgeSecretName(env.fleet, id)));
      fleet.add('i-1', { registered: false, ...bridge });
      expect(await asked(fleet)).toEqual(refused('Calls may be running on i-1'));
      expect(fleet.writes).toEqual([]);
    },
  );

  it('asks one that comes up while the others end', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1');
    const ports = fleet.ports();
    const terminate = (id: string) => {
      if (id === 'i-1') fleet.add('i-2', { participants: [2] });
      return ports.terminate(id);
    };
    expect(await tearDown({ ...ports, terminate }, env, requestOf('Delete', {}))).toEqual(
      refused('Calls may be running on i-2'),
    );
    expect(fleet.bridges.get('i-2')?.state).toBe('running');
    expect(fleet.writes.at(-1)).toBe('overrides {}');
  });

  it.each(['false', 'true'])(
    'leaves what the fleet did not launch alone, and tells it (force: %s)',
    async (force) => {
      const fleet = new FakeFleet();
      fleet.add('i-1');
      fleet.add(origin.serverInstanceId, { participants: [9] });
      fleet.add('i-2', { tags: { 'bridges:fleet': 'main' }, participants: [3] });
      expect(await asked(fleet, { force })).toEqual({ status: 'SUCCESS' });
      expect(fleet.writes.filter((write) => write.startsWith('terminate'))).toEqual([
        'terminate i-1',
      ]);
      expect(fleet.warnings).toContainEqual({
        message: 'foreign instance',
        instanceId: origin.serverInstanceId,
        missing: 'notTheServer',
        effect: 'it is left alone',
      });
    },
  );

  it('ends calls only by force', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1', { participants: [5] });
    fleet.add('i-2', { answers: false });
    expect(await asked(fleet, { force: 'true' })).toEqual({ status: 'SUCCESS' });
    expect(fleet.writes).toEqual(['pause', 'tick', 'terminate i-1', 'terminate i-2']);
  });

  it('goes on without a scaler that works', async () => {
    const fleet = new FakeFleet();
    fleet.scalerFails = true;
    fleet.add('i-1');
    expect(await asked(fleet)).toEqual({ status: 'SUCCESS' });
  });

  it('says so when EC2 does not end an instance', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1', { looksLeft: Infinity });
    expect(await asked(fleet)).toEqual(refused('EC2 has not ended i-1 in 600 s'));
  });
});

describe('sweep', () => {
  const sweep = { step: 'sweep' };

  it('ends the rest, then has Server A synced, then removes every parameter', async () => {
    const fleet = new FakeFleet();
    fleet.add('i-1');
    expect(await asked(fleet, sweep)).toEqual({ status: 'SUCCESS' });
    const ends = fleet.writes.filter((write) => !/^(pause|tick)$/.test(write));
    expect(ends).toEqual([
      'shutdown i-1',
      'terminate i-1',
      'registrar',
      'remove parameters',
      'registrar',
      'remove parameters',
    ]);
    expect(fleet.parameters).toEqual([]);
  });

  it('keeps the parameters while Server A still has credentials', async () => {
    const fleet = new FakeFleet();
    fleet.registrarFails = true;
    expect(await asked(fleet, sweep)).toEqual(refused('registrar failed'));
    expect(fleet.writes).not.toContain('remove parameters');
  });

  test.each([
    ['that never was synced', 'server/certificate', sweep],
    ['by force', 'nothing', { ...sweep, force: 'true' }],
  ])('does without a Server A %s', async (_, absent, properties) => {
    const fleet = new FakeFleet();
    fleet.registrarFails = true;
    fleet.parameters = fleet.parameters.filter((name) => !name.endsWith(absent));
    expect(await asked(fleet, properties)).toEqual({ status: 'SUCCESS' });
    expect(fleet.parameters).toEqual([]);
  });

  it('removes what a late run of a function wrote and launched', async () => {
    const fleet = new FakeFleet();
    const ports = fleet.ports();
    const sleep = (seconds: number) => {
      if (seconds === 60) {
        expect(fleet.parameters).toEqual(['/jitsi-bridges/main/override']);
        fleet.parameters.push('/jitsi-bridges/main/memory');
        fleet.add('i-late');
      }
      return ports.clock.sleep(seconds);
    };
    const late = { ...ports, clock: { ...ports.clock, sleep } };
    expect(await tearDown(late, env, requestOf('Delete', sweep))).toEqual({ status: 'SUCCESS' });
    expect(fleet.parameters).toEqual([]);
    expect(fleet.writes).toContain('terminate i-late');
  });
});

it('answers properties that it does not know with a refusal that names them', async () => {
  const fleet = new FakeFleet();
  expect(await asked(fleet, { step: 'all' })).toEqual(refused('step'));
  expect(fleet.writes).toEqual([]);
});
