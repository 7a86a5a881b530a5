import { eventually } from '../../eventually';
import { SandboxClient } from './sandbox-client';

const instanceId = 'i-00000001';

/** Written as a package would: quotes, variables, a pre-start, an alias and a drop-in. */
const install = String.raw`set -e
useradd --system worker
cat > /lib/systemd/system/worker.service <<'UNIT'
[Unit]
Description=A worker
[Service]
Type=simple
User=worker
Environment=GREETING=hello "WHOM=big world"
EnvironmentFile=/etc/worker.conf
EnvironmentFile=-/etc/absent.conf
RuntimeDirectory=worker
ExecStartPre=/bin/sh -c "echo prepared > /run/worker/pre"
ExecStart=/bin/bash -c "echo \
 ${'$'}GREETING ${'$'}{WHOM} $${'$'}{SECRET:-none} ${'$'}{SECRET} as $(id -un) $AWS_REGION; exec sleep 1000"
ExecReload=/bin/kill -HUP $MAINPID
[Install]
WantedBy=multi-user.target
Alias=toiler.service
UNIT
echo "SECRET='s3cret#1'" > /etc/worker.conf
mkdir -p /etc/systemd/system/worker.service.d
printf '[Service]\nRestart=on-failure\nRestartSec=0.2\n' > /etc/systemd/system/worker.service.d/restart.conf
systemctl daemon-reload
`;

describe('systemctl in a machine', () => {
  let cloud: SandboxClient;
  const run = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await cloud.run(instanceId, script);
    return `${stdout}${stderr}exit ${exitCode}`;
  };

  beforeAll(async () => {
    cloud = await SandboxClient.start();
    await cloud.launch({ instanceId });
    expect(await run(install)).toBe('exit 0');
  });

  afterAll(async () => {
    await cloud.namespace.stop();
  });

  it('says what it does not know, with the documented exit codes', async () => {
    expect(await run('systemctl start nothing')).toBe(
      'Failed to start nothing.service: Unit nothing.service not found.\nexit 5',
    );
    expect(await run('systemctl is-active nothing')).toBe('inactive\nexit 3');
    expect(await run('systemctl is-enabled worker')).toBe('disabled\nexit 1');
    expect(await run('systemctl dance worker')).toBe('Unknown command verb dance.\nexit 1');
  });

  it('starts a service as its user, with its environment and nothing of the caller’s', async () => {
    expect(await run('systemctl start worker && systemctl is-active worker')).toBe(
      'active\nexit 0',
    );
    await eventually(async () => (await run('journalctl -u worker')).includes('hello'));
    expect(await run('journalctl -u worker -o cat')).toBe(
      'hello big world s3cret#1 s3cret#1 as worker\nexit 0',
    );
    expect(await run('cat /run/worker/pre; stat -c %U /run/worker')).toBe(
      'prepared\nworker\nexit 0',
    );
    expect(await run('ps -o user=,args= -p "$(systemctl show -p MainPID --value worker)"')).toBe(
      'worker   sleep 1000\nexit 0',
    );
  });

  it('enables with links and alias, and answers by the alias', async () => {
    expect(await run('systemctl -q enable worker; systemctl is-enabled toiler')).toBe(
      'enabled\nexit 0',
    );
    expect(await run('readlink /etc/systemd/system/toiler.service')).toBe(
      '/usr/lib/systemd/system/worker.service\nexit 0',
    );
    expect(await run('systemctl is-active toiler')).toBe('active\nexit 0');
    expect(await run('systemctl -q disable worker; systemctl is-enabled worker')).toBe(
      'disabled\nexit 1',
    );
  });

  it('restarts a service that fails, as the drop-in says, but not one that was stopped', async () => {
    const pid = 'systemctl show -p MainPID --value worker';
    const before = await run(pid);
    await run('systemctl kill -s KILL worker');
    await eventually(async () => {
      const after = await run(`systemctl is-active worker && ${pid}`);
      return after.startsWith('active') && !after.includes(before);
    });
    expect(await run('systemctl stop worker; systemctl is-active worker; ls /run/worker')).toBe(
      "inactive\nls: cannot access '/run/worker': No such file or directory\nexit 2",
    );
    expect(await run('sleep 0.5; systemctl is-active worker; pgrep -u worker')).toBe(
      'inactive\nexit 1',
    );
  });

  it('runs the Prosody of Debian: start, reload in place, restart anew, stop', async () => {
    const pid = 'systemctl show -p MainPID --value prosody';
    const listening = 'nc -z 127.0.0.1 5222 && echo open';
    expect(await run('systemctl start prosody; systemctl is-active prosody')).toBe(
      'active\nexit 0',
    );
    await eventually(async () => (await run(listening)).startsWith('open'));
    const first = await run(pid);
    expect(await run(`systemctl reload prosody && ${pid}`)).toBe(first);
    await eventually(async () =>
      (await run('cat /var/log/prosody/prosody.log')).includes('Reload'),
    );
    expect(await run(`systemctl restart prosody && ${pid}`)).not.toBe(first);
    await eventually(async () => (await run(listening)).startsWith('open'));
    expect(await run('ps -o user= -C lua5.4; service prosody status >/dev/null')).toBe(
      'prosody\nexit 0',
    );
    expect(await run(`systemctl stop prosody; systemctl is-active prosody; ${listening}`)).toBe(
      'inactive\nexit 1',
    );
  });

  it('starts the service of a new package, unless a policy forbids it', async () => {
    const configure =
      'deb-systemd-helper enable worker.service; deb-systemd-invoke start worker.service';
    const asPackage = `export DPKG_MAINTSCRIPT_PACKAGE=worker; (${configure}) 2>&1`;
    const forbid = "install -m 755 /dev/stdin /usr/sbin/policy-rc.d <<< $'#!/bin/sh\\nexit 101'";
    expect(await run(`${forbid}; ${asPackage}; systemctl is-active worker`)).toMatch(
      /policy-rc.d returned 101[^]*inactive\nexit 3$/,
    );
    expect(await run(`rm /usr/sbin/policy-rc.d; ${asPackage}; systemctl is-active worker`)).toBe(
      'active\nexit 0',
    );
    expect(await run('systemctl is-enabled worker toiler')).toBe('enabled\nenabled\nexit 0');
  });
});
