import fc from 'fast-check';

import { eventually } from '../../eventually';
import type { Suite } from '../../../local/machines/root-file-system';
import { successfulAttacks } from './attack';
import { bridgeParameter, nameOf, newSecret, setParameters } from './fleet-parameters';
import { layouts, oddities, refusals, type Oddity } from './oddities';
import { mucEnvironment, ServerMachine, type Layout } from './server-machine';
import { XmppClients } from './xmpp-clients';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const sync = '/opt/jitsi-bridges/sync.sh';
const all = process.env['TEST_ALL'] !== undefined;
/** More by ODDITIES_RUNS; each takes some ten seconds. */
const runs = Number(process.env['ODDITIES_RUNS'] ?? (all ? 5 : 1));

const fingerprint = (machine: ServerMachine): string =>
  machine.output(
    "cd /etc; find prosody jitsi systemd /srv -printf '%p %u:%g %m %l\\n' | sort; find prosody jitsi /srv -type f | sort | xargs sha256sum; ls /var/lib/prosody/*/accounts",
  );

interface Reply {
  readonly ok: boolean;
  readonly error?: string;
  readonly restartNeeded?: boolean;
}

function run(machine: ServerMachine, command: string): Reply {
  const { stdout, stderr } = machine.run(command, '', mucEnvironment);
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Reply;
  } catch {
    throw new Error(`${command}: ${stdout}${stderr}`);
  }
}

/** Every bridge gets in under its own name, and the collector sees whose it is. */
async function expectBridgesServed(clients: XmppClients, password: string, secret: string) {
  const bridge = nameOf(bridgeParameter(1));
  expect(await clients.account(bridge, secret)).toMatchObject({ ok: true });
  await clients.join(bridge);
  expect(await clients.account('bridges-collector', password)).toMatchObject({ ok: true });
  await clients.join('bridges-collector');
  await eventually(async () => {
    const { occupants = [] } = await clients.observe('bridges-collector');
    return occupants.some(
      ({ nickname, jid }) => nickname === bridge && jid.startsWith(`${bridge}@auth.meet.test/`),
    );
  });
}

function layoutCalled(name: string): Oddity {
  const found = layouts.find((layout) => layout.name === name);
  if (found === undefined) throw new Error(`no layout is called ${name}`);
  return found;
}

const siteOf = (machine: ServerMachine): string =>
  machine
    .run('grep -l "internal.auth.meet.test" $(find /etc/prosody /srv -type f)')
    .stdout.trim()
    .split('\n')[0] ?? '';

describe.each<[string, Suite, Layout, string]>([
  ['0.11', 'bullseye', '2021', 'an absolute Include'],
  ['0.12', 'bookworm', 'today', 'everything in one file'],
  ['13', 'trixie', 'today', 'a folder of their own'],
])('a server as people have it, Prosody %s', (_, suite, packages, layoutOfAll) => {
  async function judge(layout: Oddity, chosen: readonly Oddity[]): Promise<void> {
    const machine = await ServerMachine.start(suite, packages);
    try {
      machine.output(layout.command);
      const file = siteOf(machine);
      for (const { command } of chosen) machine.output(command.replaceAll('FILE', file));
      machine.startProsody();
      await expectLifeCycle(machine);
    } finally {
      await machine.close();
    }
  }

  async function expectLifeCycle(machine: ServerMachine): Promise<void> {
    const before = fingerprint(machine);
    expect(run(machine, `${prepare} apply --restart now`)).toMatchObject({
      ok: true,
      restartNeeded: false,
    });
    const [password, bridge] = [newSecret(), bridgeParameter(1)];
    setParameters(machine, password, [bridge]);
    expect(run(machine, `${sync} sync`)).toMatchObject({ ok: true });
    const clients = XmppClients.start(machine);
    try {
      await expectBridgesServed(clients, password, bridge.secret);
      expect(await successfulAttacks(clients, [nameOf(bridge)])).toEqual([]);
    } finally {
      clients.close();
    }
    expect(run(machine, `${prepare} check`)).toMatchObject({ ok: true, changed: [] });
    expect(run(machine, `${prepare} undo`)).toMatchObject({ ok: true });
    expect(fingerprint(machine)).toBe(before);
  }

  test('is prepared, serves bridges and is undone to the byte, with everything at once', () =>
    judge(layoutCalled(layoutOfAll), oddities));

  test('is prepared, serves bridges and is undone to the byte, with whatever on any layout', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...layouts),
        fc.subarray([...oddities], { maxLength: 5 }),
        judge,
      ),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

describe.each<[string, Suite, Layout]>(
  all
    ? [
        ['0.11', 'bullseye', '2021'],
        ['0.12', 'bookworm', 'today'],
        ['13', 'trixie', 'today'],
      ]
    : [['0.12', 'bookworm', 'today']],
)(
  'what cannot be served is refused with its place, and untouched, Prosody %s',
  (_, suite, packages) => {
    let machine: ServerMachine;
    beforeAll(async () => {
      machine = await ServerMachine.start(suite, packages);
      machine.startProsody();
      machine.output('cp -a /etc /root/etc');
    });
    afterAll(() => machine.close());
    afterEach(() => {
      machine.output(
        'for each in prosody jitsi; do rm -r /etc/$each; cp -a /root/etc/$each /etc; done',
      );
    });

    test.each(refusals)('$name', ({ command, refused }) => {
      machine.output(command.replaceAll('FILE', siteOf(machine)));
      const before = fingerprint(machine);
      const { ok, error } = run(machine, `${prepare} apply --restart now`);
      expect(ok).toBe(false);
      expect(error).toMatch(refused);
      expect(fingerprint(machine)).toBe(before);
      machine.output(
        'ls /var/lib/jitsi-bridges 2>/dev/null | grep . && exit 1 || ! ls /usr/lib/prosody/modules | grep jitsi_bridges',
      );
    });
  },
);
