import { eventually } from '../../eventually';
import type { Suite } from '../../../local/machines/root-file-system';
import {
  bridgeParameter,
  nameOf,
  newSecret,
  rotated,
  setParameters,
  type BridgeParameter,
} from './fleet-parameters';
import type { RunResult } from '../machine-process';
import { mucEnvironment, ServerMachine } from './server-machine';
import { XmppClients } from './xmpp-clients';

const sync = '/opt/jitsi-bridges/sync.sh';
const [first, second, third] = [bridgeParameter(1), bridgeParameter(2), bridgeParameter(3)];
const password = newSecret();
const accountOf = (bridge: BridgeParameter): string => `${nameOf(bridge)}@auth.meet.test`;

const reply = ({ stdout }: RunResult): unknown => JSON.parse(stdout);

/** The oldest and the newest version; the one between them by `npm run test:all`. */
const versions: [string, Suite][] = [
  ['0.11', 'bullseye'],
  ['13', 'trixie'],
];
if (process.env['TEST_ALL'] !== undefined) versions.push(['0.12', 'bookworm']);

describe.each(versions)('sync.sh for bridges that are clients, Prosody %s', (_, suite) => {
  let machine: ServerMachine;
  let clients: XmppClients;
  const run = (command: string): RunResult => machine.run(command, '', mucEnvironment);
  const syncTo = (bridges: readonly BridgeParameter[], words = ''): RunResult => {
    setParameters(machine, password, bridges);
    return run(`${sync} sync ${words}`);
  };

  beforeAll(async () => {
    machine = await ServerMachine.start(suite, '2021');
    machine.startProsody();
    run('/opt/jitsi-bridges/prepare.sh apply --restart now');
  });
  afterAll(() => machine.close());
  beforeEach(() => {
    syncTo([], '--force yes');
    clients = XmppClients.start(machine);
  });
  afterEach(() => clients.close());

  test('makes accounts, and takes those away whose bridges are gone, with their sessions', async () => {
    expect(reply(syncTo([first, second, third]))).toMatchObject({
      ok: true,
      bridges: 3,
      activated: [first, second, third].map(accountOf),
      deactivated: [],
      connected: [],
    });
    for (const each of [first, second]) {
      expect(await clients.account(nameOf(each), each.secret)).toMatchObject({ ok: true });
    }
    expect(await clients.account(nameOf(third), second.secret)).toMatchObject({ ok: false });

    expect(reply(syncTo([first, third]))).toMatchObject({
      activated: [],
      deactivated: [accountOf(second)],
      connected: [first.instanceId],
    });
    await eventually(async () => (await clients.observe(nameOf(second))).disconnects === 1);
    expect(await clients.account(nameOf(second), second.secret)).toMatchObject({ ok: false });
    expect(await clients.observe(nameOf(first))).toMatchObject({ disconnects: 0 });
    expect(await clients.account('jvb', 'a-password-of-the-default-bridge')).toMatchObject({
      ok: true,
    });
  });

  test('another secret holds for the next login and leaves the session', async () => {
    syncTo([first]);
    await clients.account(nameOf(first), first.secret);
    const next = rotated(first);

    expect(reply(syncTo([next]))).toMatchObject({ ok: true, activated: [], deactivated: [] });
    expect(await clients.account(nameOf(first), first.secret)).toMatchObject({ ok: false });
    expect(await clients.account(nameOf(first), next.secret)).toMatchObject({ ok: true });
    expect(await clients.observe(nameOf(first))).toMatchObject({ disconnects: 0 });
  });

  test('puts right what somebody has changed by hand', async () => {
    syncTo([first, second]);
    run(`prosodyctl deluser ${accountOf(first)}`);
    run(`printf 'other\\nother\\n' | prosodyctl passwd ${accountOf(second)}`);
    run(`prosodyctl register jvb-00000000deadbeef auth.meet.test something`);
    run(`prosodyctl register jvb-main auth.meet.test something`);

    expect(reply(run(`${sync} sync`))).toMatchObject({
      ok: true,
      activated: [accountOf(first)],
      deactivated: ['jvb-00000000deadbeef@auth.meet.test'],
    });
    for (const each of [first, second]) {
      expect(await clients.account(nameOf(each), each.secret)).toMatchObject({ ok: true });
    }
    expect(await clients.account('jvb-main', 'something')).toMatchObject({ ok: true });
  });

  test('refuses a set without most of the bridges while such a bridge is connected, unless told', async () => {
    syncTo([first, second, third]);
    await clients.account(nameOf(third), third.secret);

    const refused = syncTo([first]);
    expect(refused.exitCode).toBe(1);
    expect(reply(refused)).toMatchObject({
      ok: false,
      error: expect.stringContaining('looks wrong') as string,
    });
    expect(await clients.account(nameOf(second), second.secret)).toMatchObject({ ok: true });
    expect(reply(syncTo([first], '--force yes'))).toMatchObject({ ok: true, bridges: 1 });
  });

  test('check tells, and does nothing', async () => {
    syncTo([first]);
    setParameters(machine, password, [second]);

    expect(reply(run(`${sync} check`))).toMatchObject({
      activated: [accountOf(second)],
      deactivated: [accountOf(first)],
    });
    expect(await clients.account(nameOf(first), first.secret)).toMatchObject({ ok: true });
  });

  test('no secret is in an argument, an environment, an output or a log', () => {
    setParameters(machine, password, [first]);
    const watch =
      'while [ ! -e /tmp/done ]; do cat /proc/[0-9]*/{cmdline,environ} 2>/dev/null; done';
    const watched = run(
      `rm -f /tmp/done; (${watch}) >/tmp/seen & ${sync} sync; touch /tmp/done; wait`,
    );

    expect(watched.stdout).toContain(accountOf(first));
    for (const secret of [first.secret, password]) {
      expect(watched.stdout + watched.stderr).not.toContain(secret);
      const found = machine.run(
        'cat >/tmp/pattern; cat /tmp/seen /var/log/prosody/* | grep -acF -f /tmp/pattern',
        `${secret}\n`,
      );
      expect(found.stdout).toBe('0\n');
    }
    expect(machine.output('ls /run')).not.toContain('jitsi-bridges.');
  });

  test('answers on after the server was prepared anew right after it was undone', async () => {
    // Where the restart has brought the console that undo takes away two seconds later.
    run('/opt/jitsi-bridges/prepare.sh undo');
    run('/opt/jitsi-bridges/prepare.sh apply');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(reply(syncTo([first]))).toMatchObject({ ok: true, bridges: 1 });
  });

  test('200 bridges in one call', () => {
    const fleet = Array.from({ length: 200 }, (__, index) => bridgeParameter(1000 + index));
    const started = Date.now();
    expect(reply(syncTo(fleet))).toMatchObject({ ok: true, bridges: 200 });
    const all = Date.now() - started;
    const again = Date.now();
    expect(reply(syncTo([...fleet, first]))).toMatchObject({ activated: [accountOf(first)] });
    console.info(`200 accounts in ${String(all)} ms, one more in ${String(Date.now() - again)} ms`);
  });
});
