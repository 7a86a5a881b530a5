import { eventually } from '../../eventually';
import type { Suite } from '../../../local/machines/root-file-system';
import { differentAnswers } from './answers';
import { successfulAttacks } from './attack';
import { bridgeParameter, nameOf, newSecret, setParameters } from './fleet-parameters';
import type { RunResult } from '../machine-process';
import { mucEnvironment, serverAddress, ServerMachine, type Layout } from './server-machine';
import { room, XmppClients } from './xmpp-clients';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const sync = '/opt/jitsi-bridges/sync.sh';
const otherRoom = 'jibribrewery@internal.auth.meet.test';
const guardModule = 'prosody.hosts["internal.auth.meet.test"].modules.jitsi_bridges_brewery';

describe.each<[string, Suite, Layout]>([
  ['0.11', 'bullseye', '2021'],
  ['0.12', 'bookworm', 'today'],
  ['13', 'trixie', 'today'],
])("the bridges' room, Prosody %s", (_, suite, layout) => {
  const password = newSecret();
  const [first, second] = [bridgeParameter(1), bridgeParameter(2)];
  let machine: ServerMachine;
  let clients: XmppClients;
  const run = (command: string): RunResult => machine.run(command, '', mucEnvironment);
  const shell = (line: string): string =>
    run(
      `for part in answer host-packages admin-shell; do . /opt/jitsi-bridges/lib/$part.bash; done; printf '%s\\n' '${line}' | admin_shell`,
    ).stdout;
  const seatsOf = async (name: string): Promise<string[]> =>
    ((await clients.observe(name)).occupants ?? []).map(({ nickname }) => nickname).sort();
  const collectorSees = async (nicknames: readonly string[]): Promise<void> => {
    const wanted = JSON.stringify([...nicknames].sort());
    await eventually(async () => JSON.stringify(await seatsOf('bridges-collector')) === wanted);
  };
  const refusals = (): number =>
    Number(machine.output("cat /var/log/prosody/* | grep -c 'out of the bridges. room' || true"));

  beforeAll(async () => {
    machine = await ServerMachine.start(suite, layout);
    machine.startProsody();
    clients = XmppClients.start(machine);
  });
  afterAll(async () => {
    clients.close();
    await machine.close();
  });

  test('a guest that came before us loses seat and room, when the guard is put up', async () => {
    expect(await clients.guest('early')).toMatchObject({ ok: true });
    await clients.join('early', nameOf(first));
    await eventually(async () => (await seatsOf('early')).includes(nameOf(first)));

    const applied = run(`${prepare} apply --restart now`);
    expect(applied.stdout).toContain('"ok":true');
    await eventually(async () => {
      const { disconnects = 0 } = await clients.observe('early');
      return disconnects > 0 || (await seatsOf('early')).length === 0;
    });
    setParameters(machine, password, [first, second]);
    expect(run(`${sync} sync`).stdout).toContain('"ok":true');
    await clients.account('bridges-collector', password);
    await clients.join('bridges-collector');
    await collectorSees(['bridges-collector']);
  });

  test('the same question has the same answer, however often it is asked', () => {
    const checks = [`${prepare} check`, `${sync} check`];
    const answers = differentAnswers(machine, checks, mucEnvironment);
    expect(answers).toHaveLength(checks.length);
    for (const answer of answers) expect(answer).toMatch(/^{"ok":true,/);
  });

  test('a guest cannot enter, whatever it is called, and may be in other rooms', async () => {
    await clients.guest('guest');
    const before = refusals();
    await clients.join('guest', 'guest');
    await clients.join('guest', nameOf(first));
    await clients.join('guest', 'guest', otherRoom);
    await eventually(async () => (await seatsOf('guest')).length > 0);

    expect(await seatsOf('guest')).toEqual(['guest']);
    expect(refusals() - before).toBe(2);
    await collectorSees(['bridges-collector']);
  });

  test('a bridge enters under its own name, and neither it nor another account under a foreign one', async () => {
    for (const bridge of [first, second]) await clients.account(nameOf(bridge), bridge.secret);
    await clients.account('jvb', 'a-password-of-the-default-bridge');
    const before = refusals();
    await clients.join('jvb', nameOf(first));
    await clients.join(nameOf(second), nameOf(first));
    await clients.join(nameOf(second), 'focus');
    await clients.join(nameOf(second), nameOf(second).toUpperCase());
    await clients.join('jvb', '1f0c9a52-default');
    for (const bridge of [first, second]) await clients.join(nameOf(bridge));

    await collectorSees(['1f0c9a52-default', 'bridges-collector', nameOf(first), nameOf(second)]);
    expect(refusals() - before).toBe(4);

    await clients.join(nameOf(first), 'focus'); // a change of nickname
    await clients.join(nameOf(second));
    await eventually(() => Promise.resolve(refusals() - before === 5));
    expect(await seatsOf('bridges-collector')).toContain(nameOf(first));
  });

  test("mod_limits bounds a guest's session, and not a bridge's or the collector's", async () => {
    const limitOf = (host: string, user: string): string =>
      shell(
        `> (function (u) local _, s = next(u.sessions); return s.throttle or s.conn._limit; end)(prosody.hosts["${host}"].sessions["${user}"]) and "bounded" or "free"`,
      ).trim();
    const { jid = '' } = await clients.guest('bounded');

    expect(limitOf('meet.test', jid.split('@')[0] ?? '')).toBe('bounded');
    expect(limitOf('auth.meet.test', nameOf(first))).toBe('free');
    expect(limitOf('auth.meet.test', 'bridges-collector')).toBe('free');
  });

  test('is guarded again after a restart, and by the next sync when somebody has unloaded the guard', async () => {
    const refused = async (name: string): Promise<void> => {
      await clients.guest(name);
      const before = refusals();
      await clients.join(name, name);
      await eventually(() => Promise.resolve(refusals() > before));
      expect(await seatsOf(name)).toEqual([]);
    };
    machine.output('systemctl stop prosody');
    machine.startProsody();
    await refused('after the restart');
    shell('config:reload()');
    await refused('after a reload');
    machine.output('kill -KILL $(cat /run/prosody/prosody.pid); sleep 1');
    machine.startProsody();
    await refused('after a kill');

    shell('module:unload("jitsi_bridges_brewery", "internal.auth.meet.test")');
    expect(shell(`> ${guardModule} and "up" or "down"`)).toBe('down\n');
    expect(run(`${sync} check`).stdout).toContain('mod_jitsi_bridges_brewery is not loaded');
    expect(run(`${prepare} check`).stdout).toContain('mod_jitsi_bridges_brewery is not loaded');
    expect(shell(`> ${guardModule} and "up" or "down"`)).toBe('down\n');
    expect(run(`${sync} sync`).stdout).toContain('"ok":true');
    await refused('after the sync');
  });

  test('no attack of a guest succeeds, and a file that is put back is noticed and repaired', async () => {
    const attack = () => successfulAttacks(clients, [nameOf(first), '1f0c9a52-default']);
    expect(await attack()).toEqual([]);

    machine.output('rm /etc/prosody/conf.d/jitsi-bridges.local.cfg.lua'); // as configuration management would
    expect(run(`${sync} check`).stdout).toContain('changed by somebody else');
    machine.output('systemctl stop prosody');
    machine.startProsody();
    expect(run(`${sync} sync`).stdout).toContain(
      suite === 'bullseye' ? 'restart=now' : '"ok":true', // 0.11 has no console without us
    );
    if (suite === 'bullseye') run(`${prepare} apply --restart now`);
    expect(run(`${sync} sync`).stdout).toContain('"ok":true');
    expect(await attack()).toEqual([]);
  });

  test('one account of a bridge has one session, and no right in the room', async () => {
    const right = (): string =>
      shell(
        `> (function (r) return r:get_affiliation("${nameOf(first)}@auth.meet.test") or "none" end)(prosody.hosts["internal.auth.meet.test"].modules.muc.get_room_from_jid("${room}"))`,
      ).trim();
    machine.output('systemctl stop prosody');
    machine.startProsody();
    await clients.account(nameOf(first), first.secret);
    await clients.join(nameOf(first));
    await eventually(async () => (await seatsOf(nameOf(first))).includes(nameOf(first)));
    expect(right()).toBe('none');

    const again = XmppClients.start(machine);
    expect(await again.account(nameOf(first), first.secret)).toMatchObject({ ok: true });
    await eventually(async () => (await clients.observe(nameOf(first))).disconnects === 1);
    for (const session of [clients, again])
      await session.account('jvb', 'a-password-of-the-default-bridge');
    expect(await clients.observe('jvb')).toMatchObject({ disconnects: 0 });
    again.close();
  });

  test('undo takes the guard away', async () => {
    expect(run(`${prepare} undo --restart now`).stdout).toContain('"ok":true');

    expect(machine.output('find /usr/lib/prosody/ -name "*jitsi_bridges*"')).toBe('');
    await clients.guest('late');
    await clients.join('late', 'late', room);
    await eventually(async () => (await seatsOf('late')).includes('late'));
  });
});

test('the guard outlives a main file that is put back, also where its end had settings of ours', async () => {
  const machine = await ServerMachine.start('bookworm', 'today');
  const environment = { ...mucEnvironment, BRIDGES_SERVER_ADDRESS: '10.213.0.11' };
  const main = '/etc/prosody/prosody.cfg.lua';
  const run = (command: string): string => machine.run(command, '', environment).stdout;
  try {
    machine.output(
      `ip address add 10.213.0.11/32 dev lo; sed -i '1i c2s_interfaces = { "${serverAddress}" }' ${main}; cp -a ${main} /root`,
    );
    machine.startProsody();
    const folder = machine.output('ls /etc/prosody/conf.d');
    expect(run(`${prepare} apply --restart now`)).toContain('"restartNeeded":false');
    expect(machine.output('cat /etc/prosody/jitsi-bridges/local.cfg.lua')).not.toContain(
      'Component',
    );
    machine.output(`systemctl stop prosody; cp -a /root/prosody.cfg.lua ${main}`);
    machine.startProsody();

    const clients = XmppClients.start(machine);
    expect(await successfulAttacks(clients, [nameOf(bridgeParameter(1))])).toEqual([]);
    await clients.closed();

    setParameters(machine, newSecret(), [bridgeParameter(1)]);
    expect(run(`${sync} check`)).toContain(`changed by somebody else: ${main}`);
    expect(run(`${sync} sync`)).toContain('no clients are heard on 10.213.0.11:5222');
    expect(run(`${prepare} apply --restart now`)).toContain('"restartNeeded":false');
    expect(run(`${sync} sync`)).toContain('"ok":true');
    expect(run(`${prepare} undo`)).toContain('"ok":true');
    expect(machine.output(`diff /root/prosody.cfg.lua ${main}; ls /etc/prosody/conf.d`)).toBe(
      folder,
    );
  } finally {
    await machine.close();
  }
});
