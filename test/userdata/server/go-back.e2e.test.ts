import type { Suite } from '../../../local/machines/root-file-system';
import { setParameters } from './fleet-parameters';
import {
  mucEnvironment,
  scriptEnvironment,
  serverAddress,
  ServerMachine,
  type Layout,
} from './server-machine';
import { XmppClients } from './xmpp-clients';

const prepare = '/opt/jitsi-bridges/prepare.sh';
const main = '/etc/prosody/prosody.cfg.lua';
const defaultBridge = 'jvb@auth.meet.test';

interface Reply {
  readonly ok: boolean;
  readonly error?: string;
  readonly restartNeeded?: boolean;
}

/** Bridges are to dial an address that Prosody does not hear clients on yet. */
const secondAddress = '10.213.0.11';
const needsRestart = `ip address add ${secondAddress}/32 dev lo; sed -i '1i c2s_interfaces = { "${serverAddress}" }' ${main}`;
const muc = { ...mucEnvironment, BRIDGES_SERVER_ADDRESS: secondAddress };

/** A server with its default bridge connected, which does not come back when it is cut off. */
async function withProgram(
  [suite, layout]: readonly [Suite, Layout],
  preparation: string,
  test: (machine: ServerMachine) => void,
): Promise<void> {
  const machine = await ServerMachine.start(suite, layout);
  try {
    machine.output(preparation);
    machine.startProsody();
    const clients = XmppClients.start(machine);
    try {
      const login = await clients.account('jvb', 'a-password-of-the-default-bridge');
      expect(login).toMatchObject({ ok: true });
      test(machine);
    } finally {
      clients.close();
    }
  } finally {
    await machine.close();
  }
}

/** All that prepare may touch, also outside of /etc. */
const fingerprint = (machine: ServerMachine): string =>
  machine.output(
    `cd /etc; find prosody jitsi systemd /usr/lib/prosody -printf '%p %u:%g %m %l\\n' | sort
     find prosody jitsi -type f | sort | xargs sha256sum; cd /var/lib/jitsi-bridges 2>/dev/null && grep . *; true`,
  );

function run(
  machine: ServerMachine,
  words: string,
  environment: Readonly<Record<string, string>> = muc,
): Reply {
  const { stdout, stderr } = machine.run(`${prepare} ${words}`, '', {
    ...environment,
    BRIDGES_RETURN_SECONDS: '3',
  });
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Reply;
  } catch {
    throw new Error(`${stdout}${stderr}`);
  }
}

/** How many hosts of the running Prosody have a module of ours. */
const modulesOfOurs = (machine: ServerMachine): string =>
  machine.output(
    `for part in answer host-packages admin-shell; do . /opt/jitsi-bridges/lib/$part.bash; done; printf '%s\\n' '> (function () local n = 0; for _, host in pairs(prosody.hosts) do for name in pairs(host.modules or {}) do if name:match("^jitsi_bridges") then n = n + 1; end end end return n; end)()' | admin_shell`,
  );

function expectAsBefore(machine: ServerMachine, before: string, { ok, error }: Reply): void {
  expect(ok).toBe(false);
  expect(error).toContain('the configuration is what it was before');
  expect(fingerprint(machine)).toBe(before);
  machine.output(
    `timeout 30 bash -c 'until : </dev/tcp/${serverAddress}/5222; do sleep 0.1; done'`,
  );
}

describe('a program that does not come back after the restart has everything undone', () => {
  test('in a later run, and no sync puts it there again', () =>
    withProgram(['bookworm', 'today'], needsRestart, (machine) => {
      const before = fingerprint(machine);
      expect(run(machine, 'apply')).toMatchObject({ ok: true, restartNeeded: true });
      const reply = run(machine, 'apply --restart now');
      expect(reply.error).toContain(defaultBridge);
      expectAsBefore(machine, before, reply);

      setParameters(machine, 'a'.repeat(40), []);
      const synced = machine.run('/opt/jitsi-bridges/sync.sh sync', '', muc);
      expect(synced.stdout).toContain('is not prepared');
      expect(fingerprint(machine)).toBe(before);
    }));

  test('also where Prosody has no console yet, and cannot tell the name', () =>
    withProgram(['bullseye', '2021'], ':', (machine) => {
      machine.output(
        `cp /bin/bash /tmp/java; /tmp/java -c 'exec 3<>/dev/tcp/${serverAddress}/5222; read -r -u 3 -d "\\0"; sleep 600' </dev/null >/dev/null 2>&1 & sleep 0.5`,
      );
      const before = fingerprint(machine);
      const reply = run(machine, 'apply --restart now', mucEnvironment);
      expect(reply.error).toContain('connection 1 of java to port 5222');
      expectAsBefore(machine, before, reply);
    }));

  test('and a server that was prepared before goes on as it was then', () =>
    withProgram(['bookworm', 'today'], needsRestart, (machine) => {
      expect(run(machine, 'apply', mucEnvironment)).toMatchObject({ ok: true });
      const prepared = fingerprint(machine);
      const reply = run(machine, 'apply --restart now');
      expectAsBefore(machine, prepared, reply);
      expect(modulesOfOurs(machine)).toBe('2\n'); // the guard and its loader
      expect(run(machine, 'check', mucEnvironment)).toMatchObject({ ok: true, changed: [] });
    }));
});

if (process.env['TEST_ALL'] !== undefined)
  test('a program that does not come back after the restart is named, and the guard is not there', () =>
    withProgram(['trixie', 'today'], needsRestart, (machine) => {
      const before = fingerprint(machine);
      const reply = run(machine, 'apply --restart now');
      expect(reply.error).toContain(`did not come back to Prosody in 3 s: ${defaultBridge};`);
      expectAsBefore(machine, before, reply);
      expect(modulesOfOurs(machine)).toBe('0\n');
    }));

test('a program that loses Prosody without a restart has everything undone', () =>
  withProgram(['bookworm', 'today'], ':', (machine) => {
    // Sessions end whenever the configuration is read again; any other question is the real
    // prosodyctl's to answer, exit code included.
    machine.output(
      'cat >/usr/local/bin/prosodyctl && chmod 755 /usr/local/bin/prosodyctl',
      `#!/usr/bin/env lua5.4
       local words = table.concat(arg, " ");
       if not words:find("shell", 1, true) then os.exit((os.execute("/usr/bin/prosodyctl " .. words))); end
       local lines = io.read("a");
       if lines:find("config:reload", 1, true) then lines = '> (function () for _, s in pairs(prosody.full_sessions) do s:close("reset"); end return 1; end)()\\n' .. lines; end
       local shell = io.popen("/usr/bin/prosodyctl " .. words, "w");
       shell:write(lines);
       shell:close();`,
    );
    const before = fingerprint(machine);
    const reply = run(machine, 'apply', mucEnvironment);
    expect(reply.error).toContain(`these programs lost Prosody: ${defaultBridge};`);
    expectAsBefore(machine, before, reply);
    expect(modulesOfOurs(machine)).toBe('0\n');
  }));

test('a Jicofo that does not restart has everything undone', () =>
  withProgram(['bookworm', '2019'], ':', (machine) => {
    machine.output(
      'cd /usr/local/bin && mv systemctl real-systemctl && cat >systemctl && chmod 755 systemctl',
      '#!/bin/sh\n[ "$*" != "restart jicofo" ] || exit 1\nexec real-systemctl "$@"\n',
    );
    const before = fingerprint(machine);
    const reply = run(machine, 'apply --restart now', scriptEnvironment);
    expect(reply.error).toContain('jicofo could not be restarted');
    expectAsBefore(machine, before, reply);
  }));
