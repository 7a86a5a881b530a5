import { createHash, randomBytes } from 'node:crypto';

import { eventually } from '../../eventually';
import { digestInput } from '../../../lambdas/core/protocol/documents';
import type { RunResult } from '../machine-process';
import { ServerMachine } from './server-machine';
import { XmppClients } from './xmpp-clients';

const sync = '/opt/jitsi-bridges/sync.sh';
const dropIn = '/etc/prosody/jitsi-bridges/local.bridges.cfg.lua';

interface Parameter {
  readonly instanceId: string;
  readonly secret: string;
  readonly version: number;
}

const newSecret = (): string => randomBytes(24).toString('hex');
const collectorPassword = newSecret();
const bridge = (instanceId: string): Parameter => ({ instanceId, secret: newSecret(), version: 1 });
const first = bridge('i-0a000000000000001');
const second = bridge('i-0a000000000000002');
const third = bridge('i-0a000000000000003');
const nameOf = ({ instanceId }: Parameter): string => instanceId.replace('i-', 'jvb-');
const jidOf = (parameter: Parameter): string => `${nameOf(parameter)}.meet.test`;

let machine: ServerMachine;
let clients: XmppClients;

// One machine for all: each test begins with no bridge, no account and no session.
beforeAll(async () => {
  machine = await ServerMachine.start();
  machine.startProsody();
  machine.output('/opt/jitsi-bridges/prepare.sh apply --restart now');
});
afterAll(() => machine.close());

beforeEach(() => {
  machine.output('rm -f /tmp/aws-fails');
  setParameters([]);
  machine.output(`${sync} sync --force yes`);
  machine.output('prosodyctl deluser bridges-collector@auth.meet.test');
  clients = XmppClients.start(machine);
});
afterEach(() => clients.close());

function setParameters(bridges: readonly Parameter[], others: readonly object[] = []): void {
  const parameters = [
    { Name: '/jitsi-bridges/local/collector/password', Value: collectorPassword, Version: 1 },
    ...bridges.map(({ instanceId, secret, version }) => ({
      Name: `/jitsi-bridges/local/bridges/${instanceId}/secret`,
      Value: secret,
      Version: version,
    })),
    ...others,
  ];
  machine.output('umask 077; cat >/tmp/parameters.json', JSON.stringify(parameters));
}

const run = (action: 'sync' | 'check' = 'sync'): RunResult => machine.run(`${sync} ${action}`);

const reply = ({ stdout }: RunResult): unknown => JSON.parse(stdout);

function digestOf(bridges: readonly Parameter[]): string {
  return createHash('sha256').update(digestInput(bridges)).digest('hex').slice(0, 16);
}

describe('sync.sh', () => {
  test('activates what is new and deactivates what is gone, and nobody else is disconnected', async () => {
    setParameters([first, second, third]);
    expect(reply(run())).toEqual({
      ok: true,
      digest: digestOf([first, second, third]),
      bridges: 3,
      activated: [first, second, third].map(jidOf),
      deactivated: [],
      connected: [],
      certificate: machine.output('cat /etc/prosody/certs/auth.meet.test.crt').trim(),
    });
    for (const each of [first, second, third]) {
      expect(await clients.component(nameOf(each), each.secret)).toMatchObject({ ok: true });
    }
    const focus = machine
      .output("sed -n 's/^JICOFO_AUTH_PASSWORD=//p' /etc/jitsi/jicofo/config")
      .trim();
    expect(await clients.account('focus', focus)).toMatchObject({ ok: true });

    setParameters([first, third]);
    expect(reply(run())).toMatchObject({
      ok: true,
      bridges: 2,
      activated: [],
      deactivated: [jidOf(second)],
      connected: [first.instanceId, third.instanceId],
    });

    await eventually(async () => (await clients.observe(nameOf(second))).disconnects === 1);
    expect(await clients.component(nameOf(second), second.secret)).toMatchObject({
      condition: 'host-unknown',
    });
    for (const each of [nameOf(first), nameOf(third), 'focus']) {
      expect(await clients.observe(each)).toMatchObject({ disconnects: 0 });
    }
    expect(await clients.publish(nameOf(first), jidOf(first))).toEqual({ ok: true });
  });

  test('tells which bridges are connected, whether they report or not', async () => {
    setParameters([first, second, third]);
    run();
    await clients.component(nameOf(first), first.secret);
    await clients.component(nameOf(third), third.secret);
    await clients.publish(nameOf(third), jidOf(third));

    expect(reply(run())).toMatchObject({ connected: [first.instanceId, third.instanceId] });
    setParameters([second, third]);
    expect(reply(run('check'))).toMatchObject({ connected: [third.instanceId] });
  });

  test('changes nothing when nothing has changed', () => {
    setParameters([first]);
    run();
    const before = machine.output(
      `stat -c '%i %Y %U %G %a' ${dropIn}; grep -c Reloading /var/log/prosody/prosody.log`,
    );

    expect(reply(run())).toMatchObject({ ok: true, bridges: 1, activated: [], deactivated: [] });
    expect(before).toContain('root prosody 640');
    expect(
      machine.output(
        `stat -c '%i %Y %U %G %a' ${dropIn}; grep -c Reloading /var/log/prosody/prosody.log`,
      ),
    ).toBe(before);
  });

  test('check says what sync would do, and does nothing', () => {
    setParameters([first]);
    run();
    setParameters([second]);

    expect(reply(run('check'))).toMatchObject({
      ok: true,
      digest: digestOf([second]),
      activated: [jidOf(second)],
      deactivated: [jidOf(first)],
    });
    expect(machine.output(`cat ${dropIn}`)).not.toContain(jidOf(second));
  });

  test('a new version of a secret holds for the next connection and leaves the present one', async () => {
    setParameters([first]);
    run();
    await clients.component(nameOf(first), first.secret);
    const rotated = { ...first, secret: newSecret(), version: 2 };
    setParameters([rotated]);

    expect(reply(run())).toMatchObject({ ok: true, digest: digestOf([rotated]) });
    expect(await clients.observe(nameOf(first))).toMatchObject({ disconnects: 0 });
    expect(await clients.component(nameOf(first), first.secret)).toMatchObject({
      condition: 'not-authorized',
    });
    expect(await clients.component(nameOf(first), rotated.secret)).toMatchObject({
      condition: 'conflict', // the right secret: refused only because the old session is still there
    });
  });

  test('repairs what a sync left behind that died between the file and the reload', async () => {
    setParameters([first, second]);
    run();
    const wanted = machine.output(`cat ${dropIn}`);
    setParameters([first]);
    run();
    machine.output(`cat >${dropIn}`, wanted);
    setParameters([first, second]);

    expect(reply(run())).toMatchObject({ ok: true, activated: [jidOf(second)] });
    expect(await clients.component(nameOf(second), second.secret)).toMatchObject({ ok: true });
  });

  test('makes the account of the collector and follows its password', async () => {
    setParameters([]);
    run();
    expect(await clients.account('bridges-collector', newSecret())).toMatchObject({
      condition: 'not-authorized',
    });
    expect(await clients.account('bridges-collector', collectorPassword)).toMatchObject({
      ok: true,
    });
    expect(run().stderr).not.toContain('account');
  });

  test.each([
    [
      'a foreign name',
      { Name: '/jitsi-bridges/local/bridges/jvb-1/secret', Value: 'a'.repeat(40), Version: 1 },
    ],
    [
      'a secret that is not alphanumeric',
      {
        Name: '/jitsi-bridges/local/bridges/i-0a000000000000009/secret',
        Value: `"${'a'.repeat(40)}`,
        Version: 1,
      },
    ],
  ])('refuses %s and keeps what there is', (_, parameter) => {
    setParameters([first]);
    run();
    const before = machine.output(`cat ${dropIn}`);
    setParameters([second], [parameter]);

    const refused = run();

    expect(refused.exitCode).toBe(1);
    expect(reply(refused)).toMatchObject({
      ok: false,
      error: expect.stringContaining(parameter.Name) as string,
    });
    expect(refused.stdout + refused.stderr).not.toContain('aaaa');
    expect(machine.output(`cat ${dropIn}`)).toBe(before);
  });

  test('keeps what there is when SSM cannot be read', () => {
    setParameters([first]);
    run();
    machine.output('touch /tmp/aws-fails');

    expect(reply(run())).toMatchObject({ ok: false });
    expect(machine.output(`cat ${dropIn}`)).toContain(jidOf(first));
  });

  test('a broken file of the operator is told, and the running bridges stay', async () => {
    setParameters([first]);
    run();
    await clients.component(nameOf(first), first.secret);
    machine.output("echo 'broken = {' >/etc/prosody/conf.d/operator.cfg.lua");
    setParameters([first, second]);

    expect(reply(run())).toMatchObject({
      ok: false,
      error: expect.stringContaining('operator.cfg.lua:2: ') as string,
    });
    expect(await clients.observe(nameOf(first))).toMatchObject({ disconnects: 0 });

    machine.output('rm /etc/prosody/conf.d/operator.cfg.lua');
    expect(reply(run())).toMatchObject({ ok: true, activated: [jidOf(second)] });
  });

  test('no secret is in its output, in an argument or environment, in a log or a history', async () => {
    setParameters([first]);
    const history = '/var/lib/prosody/.shell_history';
    machine.output(
      'mkdir -p /usr/share/lua/5.4 && cat >/usr/share/lua/5.4/readline.lua',
      `local lines = io.open("${history}", "a")
       local function readline() local line = io.read() lines:write(tostring(line), "\\n") return line end
       local function nothing() end
       return { readline = readline, save_history = nothing, set_options = nothing, set_readline_name = nothing }`,
    );
    const watch =
      'while [ ! -e /tmp/done ]; do cat /proc/[0-9]*/{cmdline,environ} 2>/dev/null; done';
    const watched = machine.run(`(${watch}) >/tmp/seen & ${sync} sync; touch /tmp/done; wait`);
    const outputs = [watched, run('check'), run()]
      .map(({ stdout, stderr }) => stdout + stderr)
      .join('\n');
    await clients.component(nameOf(first), first.secret);
    await clients.account('bridges-collector', collectorPassword);
    const countIn = (text: string, files: string): string =>
      machine
        .run(`cat >/tmp/pattern; cat ${files} | grep -acF -f /tmp/pattern`, `${text}\n`)
        .stdout.trim();
    const logs = '/var/log/prosody/* /tmp/aws-calls';

    expect(Number(countIn('--quiet', '/tmp/seen'))).toBeGreaterThan(0); // it did watch
    expect(outputs).toContain('account bridges-collector created');
    for (const secret of [first.secret, collectorPassword]) {
      expect(outputs).not.toContain(secret);
      expect(countIn(secret, `${logs} /tmp/seen`)).toBe('0');
    }
    const defaultSecret = machine
      .output("sed -n 's/^JVB_SECRET=//p' /etc/jitsi/videobridge/config")
      .trim();
    expect(countIn(defaultSecret, `${logs} /proc/*/environ`)).toBe('0');
    expect(machine.output('ls -a /run /var/lib/prosody')).not.toMatch(
      /jitsi-bridges\.|shell_history/,
    );
    machine.output('printf "quit\\n" | prosodyctl shell --quiet');
    expect(machine.output(`cat ${history}`)).toBe('quit\n'); // the operator's own is kept
  });
});

describe('mod_jitsi_bridges', () => {
  beforeEach(() => {
    setParameters([first, second]);
    run();
  });

  test('a bridge connects with its own secret only, and may publish at once', async () => {
    expect(await clients.component(nameOf(first), second.secret)).toMatchObject({
      condition: 'not-authorized',
    });
    expect(await clients.component(nameOf(first), first.secret)).toMatchObject({ ok: true });
    expect(await clients.create(nameOf(first))).toMatchObject({ condition: 'forbidden' });
    expect(await clients.publish(nameOf(first), jidOf(first))).toEqual({ ok: true });
  });

  test('the collector hears every bridge', async () => {
    const collector = await clients.account('bridges-collector', collectorPassword);
    expect(await clients.subscribe('bridges-collector', collector.jid ?? '')).toEqual({ ok: true });
    await clients.component(nameOf(first), first.secret);
    await clients.publish(nameOf(first), jidOf(first));

    await eventually(async () => {
      const { itemIds } = await clients.observe('bridges-collector');
      return itemIds?.includes(jidOf(first)) === true;
    });
  });

  test('a bridge cannot report for another, nor without a name, in whatever namespace', async () => {
    await clients.component(nameOf(first), first.secret);

    expect(await clients.publish(nameOf(first), jidOf(second))).toMatchObject({
      condition: 'forbidden',
    });
    expect(await clients.publish(nameOf(first), undefined)).toMatchObject({
      condition: 'forbidden',
    });
    expect(await clients.publish(nameOf(first), jidOf(second), 'urn:example:other')).toMatchObject({
      condition: 'forbidden',
    });
    expect(await clients.publish(nameOf(first), jidOf(first))).toEqual({ ok: true });
  });

  test('a guest can neither create, read nor forge', async () => {
    const guest = await clients.guest('guest');
    expect(guest.ok).toBe(true);

    expect(await clients.create('guest')).toMatchObject({ ok: false });
    expect(await clients.subscribe('guest', guest.jid ?? '')).toMatchObject({
      condition: 'forbidden',
    });
    const bare = (guest.jid ?? '').split('/')[0] ?? '';
    expect(await clients.publish('guest', bare)).toMatchObject({ condition: 'forbidden' });
    expect(await clients.publish('guest', jidOf(first))).toMatchObject({ condition: 'forbidden' });
  });

  test('node and rights stand before the first bridge is back when Prosody was killed', async () => {
    await clients.component(nameOf(first), first.secret);
    machine.output('kill -KILL "$(cat /run/prosody/prosody.pid)"');
    await eventually(async () => ((await clients.observe(nameOf(first))).disconnects ?? 0) > 0);
    machine.output('systemctl start prosody');

    await eventually(async () => (await clients.component(nameOf(first), first.secret)).ok);
    expect(await clients.create(nameOf(first))).toMatchObject({ condition: 'forbidden' });
    expect(await clients.publish(nameOf(first), jidOf(first))).toEqual({ ok: true });
    const guest = await clients.guest('guest');
    expect(await clients.subscribe('guest', guest.jid ?? '')).toMatchObject({
      condition: 'forbidden',
    });
    expect(reply(run())).toMatchObject({ ok: true, activated: [], deactivated: [] });
  });
  test('preparing again loads it anew, and nothing that it holds is lost', async () => {
    await clients.component(nameOf(first), first.secret);
    await clients.component(nameOf(second), second.secret);
    const loads = (): number =>
      Number(machine.run("grep -c 'jitsi_bridges.*reloaded' /var/log/prosody/prosody.log").stdout);
    const before = loads();

    machine.output('/opt/jitsi-bridges/prepare.sh apply');

    expect(loads()).toBe(before + 1);
    expect(await clients.publish(nameOf(first), jidOf(second))).toMatchObject({
      condition: 'forbidden',
    });
    expect(await clients.publish(nameOf(first), jidOf(first))).toEqual({ ok: true });
    setParameters([first]);
    expect(reply(run())).toMatchObject({ ok: true, deactivated: [jidOf(second)] });
    expect(await clients.observe(nameOf(first))).toMatchObject({ disconnects: 0 });
  });
});
