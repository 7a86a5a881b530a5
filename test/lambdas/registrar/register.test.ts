import fc from 'fast-check';
import { accountOf } from '../../../lambdas/registrar/owner';
import { register, type Registration } from '../../../lambdas/registrar/register';
import { selfSigned } from '../adapters/aws/certificate';
import { origin } from '../traces';
import { FakeWorld, type State } from './fake-world';

const pem = selfSigned('auth.meet.test');
const env = {
  fleet: 'blue',
  origin,
  serverInstanceId: 'i-0a0a0a0a0a0a0a0a0',
  syncDocument: 'bridges-blue-sync',
};
const account = accountOf('arn:aws:lambda:eu-west-1:123456789012:function:registrar');
const run = (world: FakeWorld): Promise<Registration> => register(world.ports(), env, account);

test('a new instance gets a secret, Prosody its component, and then the tag', async () => {
  const world = new FakeWorld(pem);
  world.launch('i-0aaaaaaaa');
  const registration = await run(world);
  expect(registration).toEqual({
    registered: ['i-0aaaaaaaa'],
    removed: [],
    bridges: 1,
    digest: world.digest(),
  });
  expect(world.secrets.get('i-0aaaaaaaa')?.owner).toBe(
    'arn:aws:ec2:eu-west-1:123456789012:instance/i-0aaaaaaaa',
  );
  expect(world.collectorPassword).toBe(true);
  expect(world.registeredTag('i-0aaaaaaaa')).toBe(`2026-11-22T12:00:00.000Z ${world.digest()}`);
  expect(world.pinned?.pem).toContain('BEGIN CERTIFICATE');
  expect(world.calls).toContain('run bridges-blue-sync i-0a0a0a0a0a0a0a0a0 {"action":"sync"}');
  expect(world.calls.at(-1)).toBe('tag');
});

test('an empty fleet is synced too: the collector needs its account and the pin', async () => {
  const world = new FakeWorld(pem);
  await expect(run(world)).resolves.toMatchObject({ registered: [], bridges: 0 });
  expect(world.collectorPassword).toBe(true);
  expect(world.pinned).toBeDefined();
});

test('the Jitsi Meet server with the tag of the fleet gets no secret and no tag, and is told', async () => {
  const world = new FakeWorld(pem);
  world.launch('i-0aaaaaaaa');
  world.launch(origin.serverInstanceId, 'running');
  world.launch('i-0bbbbbbbb', 'running', { 'bridges:launch': 'by hand' });
  await expect(run(world)).resolves.toMatchObject({
    registered: ['i-0aaaaaaaa'],
    bridges: 1,
    foreign: [
      { instanceId: origin.serverInstanceId, missing: 'notTheServer' },
      { instanceId: 'i-0bbbbbbbb', missing: 'launchToken' },
    ],
  });
  expect([...world.secrets.keys()]).toEqual(['i-0aaaaaaaa']);
  expect(world.registeredTag(origin.serverInstanceId)).toBeUndefined();
  expect(world.registeredTag('i-0bbbbbbbb')).toBeUndefined();
});

test('a foreign instance keeps the secret that it had: deleting it would end its calls', async () => {
  const world = new FakeWorld(pem);
  world.launch('i-0bbbbbbbb', 'running', { 'bridges:launch': 'by hand' });
  world.addSecret('i-0bbbbbbbb', 60);
  await expect(run(world)).resolves.toMatchObject({ removed: [], bridges: 1 });
});

test('names that the server says it has are handed on before the certificate', async () => {
  const world = new FakeWorld(pem);
  await run(world);
  expect(world.names).toBeUndefined();
  world.namesSaid = { authHost: 'auth.meet.jitsi', brewery: 'jvbbrewery@internal-muc.meet.jitsi' };
  await run(world);
  expect(world.names).toEqual(world.namesSaid);
  expect(world.calls.lastIndexOf('names')).toBe(world.calls.lastIndexOf('pin') - 1);
});

test.each([
  ['auth.meet.jitsi"; x = "', 'jvbbrewery@internal-muc.meet.jitsi'],
  ['auth.meet.jitsi', 'jvbbrewery@internal-muc.meet.jitsi"'],
  ['auth.meet.jitsi', 'internal-muc.meet.jitsi'],
])('what is no name is not handed on: %s, %s', async (authHost, brewery) => {
  const world = new FakeWorld(pem);
  world.namesSaid = { authHost, brewery };
  await expect(run(world)).rejects.toThrow();
  expect(world.names).toBeUndefined();
  expect(world.pinned).toBeUndefined();
});

test('a second run changes nothing, and the tag keeps its first time', async () => {
  const world = new FakeWorld(pem);
  world.launch('i-0aaaaaaaa', 'running');
  await run(world);
  const tag = world.registeredTag('i-0aaaaaaaa');
  world.now += 60_000;
  await expect(run(world)).resolves.toMatchObject({ registered: [], removed: [], bridges: 1 });
  expect(world.registeredTag('i-0aaaaaaaa')).toBe(tag);
});

test('tells which bridges were registered and have no session on Prosody', async () => {
  const world = new FakeWorld(pem);
  const registered = { 'bridges:registered': '2026-11-22T11:00:00Z 0123456789abcdef' };
  world.launch('i-0aaaaaaaa', 'running', registered);
  world.launch('i-0bbbbbbbb', 'running', registered);
  world.launch('i-0cccccccc', 'shutting-down', registered);
  world.launch('i-0dddddddd', 'running');
  world.connected = ['i-0aaaaaaaa'];
  await expect(run(world)).resolves.toMatchObject({ connected: 1, unconnected: ['i-0bbbbbbbb'] });

  world.connected = undefined;
  const untold = await run(world);
  expect(untold).not.toHaveProperty('connected');
  expect(untold).not.toHaveProperty('unconnected');
});

interface Case {
  readonly state: State | 'unlisted' | 'untagged';
  readonly ageMinutes: number;
  readonly kept: boolean;
}
test.each<[string, Case]>([
  ['terminated, even when it is young', { state: 'terminated', ageMinutes: 1, kept: false }],
  ['not known to EC2 any more', { state: 'unlisted', ageMinutes: 11, kept: false }],
  ['not known to EC2 yet', { state: 'unlisted', ageMinutes: 9, kept: true }],
  ['shutting down', { state: 'shutting-down', ageMinutes: 60, kept: true }],
  ['stopped', { state: 'stopped', ageMinutes: 60, kept: true }],
  ['running but robbed of its tag', { state: 'untagged', ageMinutes: 60, kept: true }],
])('the secret of an instance that is %s', async (_, { state, ageMinutes, kept }) => {
  const world = new FakeWorld(pem);
  if (state === 'untagged') world.launch('i-0aaaaaaaa', 'running', { 'bridges:fleet': '' });
  else if (state !== 'unlisted') world.launch('i-0aaaaaaaa', state);
  world.addSecret('i-0aaaaaaaa', ageMinutes);
  const { removed, registered } = await run(world);
  expect(world.secrets.has('i-0aaaaaaaa')).toBe(kept);
  expect(world.prosody.has('i-0aaaaaaaa')).toBe(kept);
  expect(removed).toEqual(kept ? [] : ['i-0aaaaaaaa']);
  expect(registered).toEqual([]);
});

describe('nothing is tagged (I5) when', () => {
  const failure = (stdout: string) => ({
    ...{ status: 'failed' as const, exitCode: 1, stderr: 'secret=hunter2' },
    stdout,
  });
  test.each([
    [
      'SSM does not reach Server A',
      () => ({ status: 'unreachable' as const }),
      'ServerUnreachableError',
    ],
    ['the sync takes too long', () => ({ status: 'timedOut' as const }), 'SyncFailedError'],
    [
      'the sync fails',
      () => failure('{"ok":false,"error":"prosodyctl check failed"}'),
      'SyncFailedError',
    ],
    ['the sync dies', () => failure('Segmentation fault'), 'SyncFailedError'],
    [
      'the report is no JSON',
      () => ({ status: 'success' as const, stdout: 'ok' }),
      'SyncFailedError',
    ],
    ['there is no report', () => ({ status: 'success' as const, stdout: '' }), 'SyncFailedError'],
    [
      'Server A holds another set',
      () => ({
        status: 'success' as const,
        stdout: JSON.stringify({
          ...{ ok: true, digest: '0123456789abcdef', bridges: 1 },
          ...{ activated: [], deactivated: [], certificate: pem },
        }),
      }),
      'DigestMismatchError',
    ],
  ])('%s', async (_, answer, name) => {
    const world = new FakeWorld(pem);
    world.launch('i-0aaaaaaaa');
    world.sync = answer;
    await expect(run(world)).rejects.toMatchObject({ name });
    expect(world.registeredTag('i-0aaaaaaaa')).toBeUndefined();
    expect(world.pinned).toBeUndefined();
    world.sync = undefined;
    await expect(run(world)).resolves.toMatchObject({ registered: ['i-0aaaaaaaa'] });
  });

  test('and the reason of a failed sync is told, but nothing else of its output', async () => {
    const world = new FakeWorld(pem);
    world.sync = () => failure('{"ok":false,"error":"no such host"}');
    const error: unknown = await run(world).catch((reason: unknown) => reason);
    expect(String(error)).toContain('no such host');
    expect(String(error)).not.toContain('hunter2');
  });
});

/** A fleet in motion: new, registered, going, gone and strange ones. */
function movedWorld(states: readonly (State | 'unlisted')[]): FakeWorld {
  const world = new FakeWorld(pem);
  states.forEach((state, index) => {
    const id = `i-${index.toString(16).padStart(8, '0')}`;
    if (state !== 'unlisted') world.launch(id, state);
    if (state !== 'pending') world.addSecret(id, 60);
  });
  return world;
}

function outcome(world: FakeWorld) {
  return {
    secrets: [...world.secrets.keys()].sort(),
    prosody: [...world.prosody.keys()].sort(),
    tagged: [...world.instances.keys()]
      .filter((id) => world.registeredTag(id) !== undefined)
      .sort(),
    password: world.collectorPassword,
    pinned: world.pinned !== undefined,
  };
}

test('a run that dies at any call leaves nothing that the next run does not repair (I4)', async () => {
  const state = fc.constantFrom<State | 'unlisted'>(
    ...(['pending', 'running', 'shutting-down', 'stopped', 'terminated', 'unlisted'] as const),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(state, { maxLength: 8 }),
      fc.nat(14),
      fc.constantFrom('before' as const, 'after' as const),
      async (states, call, when) => {
        const undisturbed = movedWorld(states);
        await run(undisturbed);

        const world = movedWorld(states);
        world.crash = { call, when };
        const died = await run(world).then(
          () => false,
          () => true,
        );
        expect(died).toBe(world.calls.length > call);
        // Whoever may start already has its secret in Prosody (I5).
        for (const id of outcome(world).tagged) expect(world.prosody.has(id)).toBe(true);
        world.crash = undefined;
        await run(world);
        expect(outcome(world)).toEqual(outcome(undisturbed));
      },
    ),
  );
});

describe('rotation', () => {
  const id = 'i-0aaaaaaaa';
  const other = 'i-0bbbbbbbb';
  const rotate = (world: FakeWorld) => register(world.ports(), env, account, [id]);
  const worldOf = async (tags: Record<string, string>) => {
    const world = new FakeWorld(pem);
    world.launch(id, 'running', tags);
    world.launch(other, 'running');
    await run(world);
    return world;
  };

  test('a draining bridge gets another secret, and Prosody has it before the run ends', async () => {
    const world = await worldOf({ 'bridges:drain': '2026-11-22T11:00:00Z operator rotate' });
    await expect(rotate(world)).resolves.toMatchObject({ bridges: 2 });
    expect([...world.prosody]).toEqual([
      [id, 2],
      [other, 1],
    ]);
  });

  test('a bridge that does not drain keeps its secret: it would go on with the old one', async () => {
    const world = await worldOf({});
    world.calls.length = 0;
    await expect(rotate(world)).rejects.toMatchObject({ name: 'NotRotatableError' });
    expect(world.calls).toEqual(['list', 'instances']);
  });

  test('what has no secret gets none by rotation', async () => {
    const world = new FakeWorld(pem);
    world.launch(id, 'running', { 'bridges:drain': 'x' });
    await expect(rotate(world)).rejects.toMatchObject({ name: 'NotRotatableError' });
  });
});
