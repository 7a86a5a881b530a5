import { differentAnswers } from './answers';
import type { RunResult } from '../machine-process';
import { mucEnvironment, scriptEnvironment, ServerMachine } from './server-machine';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const checks = [`${prepare} check`, '/opt/jitsi-bridges/sync.sh check'];
const site = '/etc/prosody/conf.avail/meet.test.cfg.lua';
const everyFile = [
  '/etc/prosody/jitsi-bridges/local.cfg.lua',
  '/etc/prosody/prosody.cfg.lua',
  '/etc/jitsi/videobridge/config',
  '/etc/jitsi/videobridge/sip-communicator.properties',
  '/etc/jitsi/jicofo/sip-communicator.properties',
];
const [ours, , bridge = '', bridgeProperties = '', jicofoProperties = ''] = everyFile;
const jicofo = '/etc/jitsi/jicofo/config';

let machine: ServerMachine;
beforeEach(async () => {
  machine = await ServerMachine.start();
  machine.startProsody();
});
afterEach(() => machine.close());

/** Content, owner, mode and link target of every file of Prosody and Jitsi. */
const fingerprint = (): string =>
  machine.output(
    "cd /etc; find prosody jitsi -printf '%p %u:%g %m %l\\n' | sort; find prosody jitsi -type f | sort | xargs sha256sum",
  );

const lastLine = ({ stdout }: RunResult): unknown =>
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

/** Last assignment, as a shell and a Java properties file read it. */
const valueIn = (file: string, key: string): string =>
  machine.output(`sed -n 's/^${key}=//p' ${file} | tail -n 1`).trim();

describe('prepare.sh apply', () => {
  test('does the seven steps of part 1', () => {
    const done = machine.run(`${prepare} apply --restart now`);

    expect(lastLine(done)).toEqual({ ok: true, changed: everyFile, restartNeeded: false });
    expect(valueIn(bridge, 'JVB_OPTS')).toBe('"--apis=rest,xmpp --subdomain=jitsi-videobridge"');
    expect(valueIn(bridge, 'JVB_HOST')).toBe(''); // localhost, where Prosody hears components
    expect(valueIn(bridgeProperties, 'org.jitsi.videobridge.ENABLE_STATISTICS')).toBe('true');
    expect(valueIn(bridgeProperties, 'org.jitsi.videobridge.STATISTICS_TRANSPORT')).toBe('pubsub');
    expect(valueIn(bridgeProperties, 'org.jitsi.videobridge.PUBSUB_SERVICE')).toBe('meet.test');
    expect(valueIn(bridgeProperties, 'org.jitsi.videobridge.PUBSUB_NODE')).toBe('sharedStatsNode');
    expect(valueIn(jicofo, 'JICOFO_HOST')).toBe('localhost');
    expect(valueIn(jicofoProperties, 'org.jitsi.focus.pubsub.ADDRESS')).toBe('meet.test');
    expect(valueIn(jicofoProperties, 'org.jitsi.focus.STATS_PUBSUB_NODE')).toBe('sharedStatsNode');
    expect(valueIn(jicofoProperties, 'org.jitsi.jicofo.STATS_PUBSUB_NODE')).toBe('sharedStatsNode');
    const listening = machine.output("ss -ltnH 'sport = 5347' | awk '{ print $4 }' | sort");
    expect(listening.trim().split('\n')).toEqual([
      '10.213.0.10:5347',
      '127.0.0.1:5347',
      '[::1]:5347',
    ]);
    expect(done.stderr).toContain('5347/tcp');
    expect(machine.output('cat /tmp/restarted')).toBe(
      'restart jicofo\nrestart jitsi-videobridge\n',
    );
    expect(machine.output('prosodyctl check config')).toContain('All checks passed');
  });

  test('twice changes nothing the second time, and remembers that a restart is due', () => {
    machine.output(`${prepare} apply`);
    const prepared = fingerprint();

    expect(lastLine(machine.run(`${prepare} apply`))).toEqual({
      ok: true,
      changed: [],
      restartNeeded: true,
    });
    expect(fingerprint()).toBe(prepared);
    expect(lastLine(machine.run(`${prepare} apply --restart now`))).toMatchObject({
      changed: [],
      restartNeeded: false,
    });
  });

  test.each([
    ['is missing', `sed -i '/^Component "jitsi-videobridge/,/secret/d' ${site}`],
    ['has another secret', `sed -i 's/component_secret = .*/component_secret = "other"/' ${site}`],
  ])('gives the default bridge its component when it %s', (_, damage) => {
    machine.output(damage);

    expect(lastLine(machine.run(`${prepare} apply`))).toMatchObject({ ok: true });
    const secret = valueIn('/etc/jitsi/videobridge/config', 'JVB_SECRET');
    expect(machine.output(`cat ${ours ?? ''}`)).toContain(
      `Component "jitsi-videobridge.meet.test" {\n    component_secret = "${secret}";`,
    );
    expect(machine.output(`cat ${site}`)).not.toContain(secret);
  });

  test('never puts a configuration in place that Prosody would not load', () => {
    machine.output(`printf 'broken = {\\n' >>${site}`);
    const before = fingerprint();

    const { exitCode, stdout } = machine.run(`${prepare} apply --restart now`);

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false });
    expect(fingerprint()).toBe(before);
  });

  test('undoes everything when Prosody does not come up with it', () => {
    const before = fingerprint();
    // Like a port that is taken: a failure that no look at the configuration foresees.
    machine.output(
      'cd /usr/local/bin && mv systemctl real-systemctl && cat >systemctl && chmod 755 systemctl',
      [
        '#!/bin/sh',
        `[ "$1" != restart ] || [ ! -e ${ours ?? ''} ] || exit 1`,
        'exec real-systemctl "$@"',
      ].join('\n'),
    );

    expect(machine.run(`${prepare} apply --restart now`)).toMatchObject({ exitCode: 1 });
    expect(fingerprint()).toBe(before);
    machine.output(
      "timeout 10 sh -c 'until ss -ltnH sport = 5222 | grep -q LISTEN; do sleep 0.1; done'",
    );
  });

  test.each([
    ['BRIDGES_DOMAIN', 'meet.test"; os.execute("id"); x = "', 'BRIDGES_DOMAIN'],
    ['BRIDGES_SERVER_ADDRESS', '10.213.0.99', 'BRIDGES_SERVER_ADDRESS'],
    ['BRIDGES_GENERATION', 'both', 'BRIDGES_GENERATION'],
    ['BRIDGES_STATS_NODE', '', 'BRIDGES_STATS_NODE'],
    ['BRIDGES_DOMAIN', 'other.test', 'VirtualHost "other.test"'],
  ])('refuses %s=%s and names it', (name, value, named) => {
    const before = fingerprint();

    const refused = machine.run(`${prepare} apply`, '', { ...scriptEnvironment, [name]: value });

    expect(refused.exitCode).toBe(1);
    expect(lastLine(refused)).toMatchObject({
      ok: false,
      error: expect.stringContaining(named) as string,
    });
    expect(fingerprint()).toBe(before);
  });

  test('refuses a Jicofo that cannot see component bridges', () => {
    machine.output(
      `printf '\\nPackage: jicofo\\nStatus: install ok installed\\nMaintainer: x\\nArchitecture: all\\nVersion: 1.0-581-1\\nDescription: x\\n' >>/var/lib/dpkg/status`,
    );

    expect(lastLine(machine.run(`${prepare} apply`))).toMatchObject({
      ok: false,
      error: expect.stringContaining('1.0-581-1') as string,
    });
  });
});

describe('the interface for components', () => {
  const openly = { ...scriptEnvironment, BRIDGES_COMPONENT_INTERFACE: 'public' };
  const listening = (): string[] =>
    machine.output("ss -ltnH 'sport = 5347' | awk '{ print $4 }' | sort").trim().split('\n');
  const hosts = (): string[] => [valueIn(bridge, 'JVB_HOST'), valueIn(jicofo, 'JICOFO_HOST')];

  test('is public when asked for, private again by another apply, and gone by undo', () => {
    const before = fingerprint();
    const opened = machine.run(`${prepare} apply --restart now`, '', openly);
    expect(lastLine(opened)).toEqual({ ok: true, changed: everyFile, restartNeeded: false });
    expect(opened.stderr).toContain('5347/tcp is heard on every address');
    expect(listening()).toEqual(['0.0.0.0:5347', '[::1]:5347']);
    expect(hosts()).toEqual(['', 'localhost']); // on this machine, as before
    expect(lastLine(machine.run(`${prepare} check`, '', openly))).toMatchObject({ changed: [] });

    const closed = machine.run(`${prepare} apply --restart now`);
    expect(lastLine(closed)).toMatchObject({ ok: true, restartNeeded: false });
    expect(closed.stderr).not.toContain('every address');
    expect(listening()).toEqual(['10.213.0.10:5347', '127.0.0.1:5347', '[::1]:5347']);
    expect(hosts()).toEqual(['', 'localhost']);

    expect(lastLine(machine.run(`${prepare} apply`, '', openly))).toMatchObject({
      ok: true,
      restartNeeded: true,
    });
    machine.output(`${prepare} undo`);
    expect(fingerprint()).toBe(before);
  });

  test('is shown by check before it is public', () => {
    machine.output(`${prepare} apply --restart now`);
    const prepared = fingerprint();

    const checked = machine.run(`${prepare} check`, '', openly);

    expect(lastLine(checked)).toMatchObject({ ok: true, restartNeeded: true });
    expect(checked.stderr).toContain('+component_interfaces = { "::1", "*" }');
    expect(fingerprint()).toBe(prepared);
  });

  test('is public also where another file of Prosody says otherwise', () => {
    machine.output(
      `echo 'component_interfaces = { "127.0.0.1" }' >/etc/prosody/conf.d/0-mine.cfg.lua`,
    );

    const opened = machine.run(`${prepare} apply --restart now`, '', openly);

    expect(lastLine(opened)).toMatchObject({ ok: true, restartNeeded: false });
    expect(listening()).toEqual(['0.0.0.0:5347']);
  });

  test('has no other kind, and none for bridges that are clients', () => {
    const anything = { ...scriptEnvironment, BRIDGES_COMPONENT_INTERFACE: '0.0.0.0", "x' };
    const muc = { ...mucEnvironment, BRIDGES_COMPONENT_INTERFACE: 'public' };
    for (const environment of [anything, muc])
      expect(lastLine(machine.run(`${prepare} apply`, '', environment))).toMatchObject({
        ok: false,
        error: expect.stringContaining('BRIDGES_COMPONENT_INTERFACE') as string,
      });
  });
});

describe('prepare.sh check', () => {
  test('shows what apply would change, without a secret, and changes nothing', () => {
    machine.output(`sed -i '/^Component "jitsi-videobridge/,/secret/d' ${site}`);
    const before = fingerprint();

    const checked = machine.run(`${prepare} check`);

    expect(lastLine(checked)).toEqual({ ok: true, changed: everyFile, restartNeeded: true });
    expect(checked.stderr).toContain('+component_interfaces');
    expect(checked.stderr).toContain('+    component_secret = …');
    expect(checked.stderr).not.toContain(valueIn('/etc/jitsi/videobridge/config', 'JVB_SECRET'));
    expect(fingerprint()).toBe(before);
  });
});

describe('prepare.sh undo', () => {
  test('restores every byte, owner and mode', () => {
    const before = fingerprint();
    machine.output(`${prepare} apply`);
    expect(fingerprint()).not.toBe(before);

    expect(lastLine(machine.run(`${prepare} undo`))).toEqual({
      ok: true,
      changed: everyFile,
      restartNeeded: true,
    });
    expect(fingerprint()).toBe(before);
  });

  test('keeps what the operator has changed since', () => {
    machine.output(`${prepare} apply`);
    machine.output(`printf '\\n-- mine\\n' >>${site}`);

    machine.output(`${prepare} undo`);

    const after = machine.output(`cat ${site}`);
    expect(after).toContain('-- mine');
    expect(after).not.toContain('jitsi-bridges');
  });
});

describe('what the operator has set', () => {
  test('stays: ports, interfaces, options and transports are extended, and the bridge keeps its name', () => {
    machine.output(`cat >/etc/prosody/conf.d/mine.cfg.lua <<'END'
component_ports = { 5275 }
component_interface = "10.213.0.10"
END
      sed -i 's/^JVB_OPTS=.*/JVB_OPTS="--apis=, --subdomain=bridge7 --foo=bar"/; s/^JVB_PORT=.*/JVB_PORT=5275/' ${bridge}
      echo 'org.jitsi.videobridge.STATISTICS_TRANSPORT = muc,colibri' >>${bridgeProperties}
      systemctl restart prosody`);
    const before = fingerprint();

    expect(lastLine(machine.run(`${prepare} apply --restart now`))).toMatchObject({ ok: true });

    expect(valueIn(bridge, 'JVB_OPTS')).toBe('"--foo=bar --apis=rest,xmpp --subdomain=bridge7"');
    expect(valueIn(bridgeProperties, 'org.jitsi.videobridge.STATISTICS_TRANSPORT')).toBe(
      'muc,colibri,pubsub',
    );
    expect(machine.output(`cat ${ours ?? ''}`)).toContain('"bridge7.meet.test"');
    expect(machine.output("ss -ltnH | awk '{ print $4 }'")).toContain('10.213.0.10:5275');
    expect(machine.output("ss -ltnH | awk '{ print $4 }'")).toContain('10.213.0.10:5347');
    expect(valueIn(bridge, 'JVB_HOST')).toBe('10.213.0.10'); // no component was heard on loopback
    machine.output(`${prepare} undo`);
    expect(fingerprint()).toBe(before);
  });

  test('a service that is stopped stays so, and what is not running is not called prepared', () => {
    machine.output('touch /tmp/stopped-jicofo; systemctl stop prosody');
    expect(lastLine(machine.run(`${prepare} apply --restart now`))).toMatchObject({
      ok: true,
      restartNeeded: true,
    });
    expect(machine.output('ss -ltnH sport = 5222')).toBe('');

    machine.startProsody();
    const done = machine.run(`${prepare} apply --restart now`);
    expect(lastLine(done)).toMatchObject({ ok: true, restartNeeded: false });
    machine.output('systemctl stop prosody');
    expect(lastLine(machine.run(`${prepare} check`))).toMatchObject({
      ok: false,
      error: expect.stringContaining('systemctl start prosody') as string,
    });
    expect(machine.run('grep -x "restart jicofo" /tmp/restarted').exitCode).toBe(1);
  });

  test('a bridge whose package was removed is no bridge, although its configuration is left', () => {
    machine.output(
      `printf '\\nPackage: jitsi-videobridge\\nStatus: deinstall ok config-files\\nMaintainer: x\\nArchitecture: all\\nVersion: 1126-1\\nDescription: x\\n' >>/var/lib/dpkg/status`,
    );
    expect(lastLine(machine.run(`${prepare} check`))).toMatchObject({
      ok: true,
      changed: everyFile.filter((file) => !file.includes('videobridge')),
    });
  });

  test('the same question has the same answer, however often it is asked', () => {
    machine.output(`${prepare} apply --restart now; echo '[]' >/tmp/parameters.json`);
    const answers = differentAnswers(machine, checks, scriptEnvironment);
    expect(answers).toHaveLength(checks.length);
    for (const answer of answers) expect(answer).toMatch(/^{"ok":true,/);
  });
});
