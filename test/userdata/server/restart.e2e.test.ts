import type { RunResult } from '../machine-process';
import { scriptEnvironment, ServerMachine } from './server-machine';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const timer = '/etc/systemd/system/jitsi-bridges-restart.timer';
const service = '/etc/systemd/system/jitsi-bridges-restart.service';

let machine: ServerMachine;
beforeEach(async () => {
  machine = await ServerMachine.start('bookworm', '2019');
  machine.startProsody();
});
afterEach(() => machine.close());

const reply = ({ stdout }: RunResult): unknown =>
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

test('a restart at a time is scheduled, told, done then, and forgotten', () => {
  const pid = machine.output('cat /run/prosody/prosody.pid');
  const restartAt = '2090-01-31 03:30:00 UTC';

  expect(reply(machine.run(`${prepare} apply --restart at 2090-01-31T03:30Z`))).toMatchObject({
    ok: true,
    restartNeeded: true,
    restartAt,
  });
  expect(machine.output('cat /run/prosody/prosody.pid')).toBe(pid);
  expect(machine.output(`cat ${timer}`)).toContain(`OnCalendar=${restartAt}\n`);
  expect(machine.output('cat /tmp/restarted')).toBe(
    'daemon-reload\nenable jitsi-bridges-restart.timer\nrestart jitsi-bridges-restart.timer\n',
  );
  expect(reply(machine.run(`${prepare} check`))).toMatchObject({ restartNeeded: true, restartAt });

  // As systemd runs it: with the unit's own environment and nothing else.
  const unit = machine.output(`cat ${service}`);
  const environment = Object.fromEntries(
    [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  expect(reply(machine.run(command, '', environment))).toEqual({
    ok: true,
    changed: [],
    restartNeeded: false,
  });
  expect(machine.output('cat /run/prosody/prosody.pid')).not.toBe(pid);
  expect(machine.run(`ls ${timer} ${service}`).exitCode).not.toBe(0);
});

test('a restart at a time leaves the interface as it was asked for', () => {
  machine.run(`${prepare} apply --restart at 03:30`, '', {
    ...scriptEnvironment,
    BRIDGES_COMPONENT_INTERFACE: 'public',
  });
  expect(machine.output(`cat ${service}`)).toContain(
    'Environment=BRIDGES_COMPONENT_INTERFACE=public\n',
  );
});

test('undo cancels a restart that is scheduled', () => {
  machine.output(`${prepare} apply --restart at 03:30`);
  expect(machine.run(`ls ${timer}`).exitCode).toBe(0);

  expect(reply(machine.run(`${prepare} undo`))).not.toHaveProperty('restartAt');
  expect(machine.run(`ls ${timer} ${service}`).exitCode).not.toBe(0);
  expect(machine.output('cat /tmp/restarted')).toContain(
    'disable --now jitsi-bridges-restart.timer',
  );
});

test.each(['at 25:00', 'at 2001-01-01T00:00Z', 'at "03:30; id"', 'at "$(id)"', 'later', 'at'])(
  'refuses --restart %s and changes nothing',
  (words) => {
    const refused = machine.run(`${prepare} apply --restart ${words}`);
    expect(refused.exitCode).toBe(1);
    expect(reply(refused)).toMatchObject({ ok: false });
    expect(machine.run('ls /etc/prosody/jitsi-bridges').exitCode).not.toBe(0);
  },
);

test('the default bridge is drained before, and waited for only so long', () => {
  // Its REST API: three participants until it is told to drain, then one that stays.
  machine.output(
    'cat >/usr/local/bin/curl && chmod 755 /usr/local/bin/curl',
    `#!/bin/sh
     case "$*" in
       */colibri/stats) [ -e /tmp/draining ] && echo '{"participants":1}' || echo '{"participants":3}' ;;
       */colibri/drain/enable) exit 22 ;;
       *graceful-shutdown*) touch /tmp/draining ;;
     esac`,
  );
  const started = Date.now();
  const done = machine.run(`${prepare} apply --restart now`, '', {
    ...scriptEnvironment,
    BRIDGES_DRAIN_SECONDS: '3',
  });

  expect(reply(done)).toMatchObject({ ok: true, restartNeeded: false });
  expect(Date.now() - started).toBeGreaterThan(2000);
  expect(done.stderr).toContain('draining the default bridge: 3 participants, at most 3 s');
  expect(done.stderr).toContain('the default bridge has 1 participants');
  expect(machine.output('cat /tmp/restarted')).toBe('restart jicofo\nrestart jitsi-videobridge\n');
});
