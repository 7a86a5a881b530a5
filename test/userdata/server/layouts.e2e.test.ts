import { eventually } from '../../eventually';
import type { Suite } from '../../../local/machines/root-file-system';
import { successfulAttacks, successfulAttacksOnStatistics } from './attack';
import { bridgeParameter, nameOf, newSecret, setParameters } from './fleet-parameters';
import type { RunResult } from '../machine-process';
import { mucEnvironment, scriptEnvironment, ServerMachine, type Layout } from './server-machine';
import { XmppClients } from './xmpp-clients';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const site = '/etc/prosody/conf.avail/meet.test.cfg.lua';
const incidents = ['2019 bookworm', '2021 bullseye', 'today trixie'];
const otherIncidents = ['2019 bullseye', '2019 trixie', '2021 bookworm', 'today bookworm'];
/** One per version of Prosody unless TEST_ALL is set. */
const attackedAfterIncidents =
  process.env['TEST_ALL'] === undefined ? incidents : [...incidents, ...otherIncidents];

const fingerprint = (machine: ServerMachine): string =>
  machine.output(
    "cd /etc; find prosody jitsi systemd -printf '%p %u:%g %m %l\\n' | sort; find prosody jitsi -type f | sort | xargs sha256sum",
  );

const reply = ({ stdout, stderr }: RunResult): unknown => {
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return `${stdout}${stderr}`;
  }
};

describe.each<[Layout, Suite, 'component' | 'muc', { restart: boolean }]>([
  ['2019', 'bullseye', 'component', { restart: true }],
  ['2019', 'bookworm', 'component', { restart: true }],
  ['2019', 'trixie', 'component', { restart: true }],
  ['2021', 'bullseye', 'muc', { restart: true }], // for the console, which Prosody 0.11 does not have by itself
  ['2021', 'bookworm', 'muc', { restart: false }],
  ['today', 'bookworm', 'muc', { restart: false }],
  ['today', 'trixie', 'muc', { restart: false }],
])('packages of %s on %s, generation %s', (layout, suite, generation, { restart }) => {
  const environment = generation === 'muc' ? mucEnvironment : scriptEnvironment;
  const password = newSecret();
  const bridge = bridgeParameter(1);
  let machine: ServerMachine;
  const run = (command: string): RunResult => machine.run(command, '', environment);

  beforeAll(async () => {
    machine = await ServerMachine.start(suite, layout);
    machine.startProsody();
  });
  afterAll(() => machine.close());

  test('is prepared, lets a bridge in that the collector hears, and is undone to the byte', async () => {
    const before = fingerprint(machine);
    const users = machine.output('ls /var/lib/prosody/*/accounts');

    expect(reply(run(`${prepare} check`))).toMatchObject({ ok: true, restartNeeded: restart });
    expect(fingerprint(machine)).toBe(before);
    expect(reply(run(`${prepare} apply`))).toMatchObject({ ok: true, restartNeeded: restart });
    if (restart) run(`${prepare} apply --restart now`);
    expect(reply(run(`${prepare} apply`))).toEqual({ ok: true, changed: [], restartNeeded: false });
    setParameters(machine, password, [bridge]);
    expect(reply(run('/opt/jitsi-bridges/sync.sh sync'))).toMatchObject({ ok: true, bridges: 1 });
    const clients = XmppClients.start(machine);
    await (generation === 'muc' ? hearsByPresence(clients) : hearsByPubsub(clients));
    expect(reply(run('/opt/jitsi-bridges/sync.sh sync'))).toMatchObject({
      connected: [bridge.instanceId],
    });
    expect(await attacks(clients)).toEqual([]);
    clients.close();

    expect(reply(run(`${prepare} undo`))).toMatchObject({
      ok: true,
      restartNeeded: generation === 'component',
    });
    expect(fingerprint(machine)).toBe(before);
    expect(machine.output('ls /var/lib/prosody/*/accounts')).toBe(users);
  });

  if (attackedAfterIncidents.includes(`${layout} ${suite}`))
    test('keeps guests out after a reload, a kill, and an upgrade that puts its files back', async () => {
      machine.output('cp -a /etc/prosody /root/prosody');
      run(`${prepare} apply --restart now`);
      setParameters(machine, password, [bridge]);
      const clients = XmppClients.start(machine);
      try {
        machine.output('kill -HUP $(cat /run/prosody/prosody.pid); sleep 0.5');
        expect(await attacks(clients)).toEqual([]);
        for (const incident of [
          'kill -KILL $(cat /run/prosody/prosody.pid); sleep 1',
          'systemctl stop prosody; cp -a /root/prosody/prosody.cfg.lua /root/prosody/conf.avail /etc/prosody',
        ]) {
          machine.output(incident);
          machine.startProsody();
          expect([incident, await attacks(clients)]).toEqual([incident, []]);
        }
      } finally {
        await clients.closed(); // else they would be programs that do not come back
      }
      run(`${prepare} apply --restart now`);
      expect(reply(run('/opt/jitsi-bridges/sync.sh sync'))).toMatchObject({ ok: true, bridges: 1 });
      run(`${prepare} undo --restart now`);
    });

  test('keeps what others write, before and after', () => {
    machine.output(`printf '\\n-- theirs, before\\n' >>${site}`);
    const before = machine.output(`cat ${site}`);
    run(`${prepare} apply`);
    machine.output(`sed -i '1i -- theirs, since' ${site}`);
    run(`${prepare} apply`);

    expect(reply(run(`${prepare} undo`))).toMatchObject({ ok: true });
    expect(machine.output(`cat ${site}`).replaceAll(/\s/g, '')).toBe(
      `-- theirs, since\n${before}`.replaceAll(/\s/g, ''),
    );
  });

  const attacks = (clients: XmppClients): Promise<readonly string[]> =>
    generation === 'muc'
      ? successfulAttacks(clients, [nameOf(bridge)])
      : successfulAttacksOnStatistics(clients, `${nameOf(bridge)}.meet.test`);

  async function hearsByPubsub(clients: XmppClients): Promise<void> {
    const name = nameOf(bridge);
    expect(await clients.component(name, bridge.secret)).toMatchObject({ ok: true });
    const collector = await clients.account('bridges-collector', password);
    expect(await clients.subscribe('bridges-collector', collector.jid ?? '')).toEqual({ ok: true });
    expect(await clients.publish(name, `${name}.meet.test`)).toEqual({ ok: true });
    await eventually(async () => {
      const { itemIds } = await clients.observe('bridges-collector');
      return itemIds?.includes(`${name}.meet.test`) === true;
    });
  }

  async function hearsByPresence(clients: XmppClients): Promise<void> {
    const name = nameOf(bridge);
    expect(await clients.account('jvb', 'a-password-of-the-default-bridge')).toMatchObject({
      ok: true,
    });
    await clients.join('jvb', 'default');
    expect(await clients.account(name, bridge.secret)).toMatchObject({ ok: true });
    await clients.join(name);
    expect(await clients.account('bridges-collector', password)).toMatchObject({ ok: true });
    await clients.join('bridges-collector');
    await eventually(async () => {
      const { occupants = [] } = await clients.observe('bridges-collector');
      const seen = occupants.find(({ nickname }) => nickname === name);
      return seen?.jid.split('/')[0] === `${name}@auth.meet.test`;
    });
  }
});

test.each<Suite>(['bullseye', 'trixie'])(
  'Prosody of %s hears components on every IPv4 address when it is asked to',
  async (suite) => {
    const machine = await ServerMachine.start(suite, '2019');
    try {
      machine.startProsody();
      const environment = { ...scriptEnvironment, BRIDGES_COMPONENT_INTERFACE: 'public' };
      const done = machine.run(`${prepare} apply --restart now`, '', environment);
      expect(reply(done)).toMatchObject({ ok: true, restartNeeded: false });
      expect(machine.output("ss -ltnH 'sport = 5347' | awk '{ print $4 }' | sort")).toBe(
        '0.0.0.0:5347\n[::1]:5347\n',
      );
    } finally {
      await machine.close();
    }
  },
);
