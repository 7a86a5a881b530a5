import {
  bridgeParameter,
  nameOf,
  newSecret,
  setParameters,
  type BridgeParameter,
} from './fleet-parameters';
import type { RunResult } from '../machine-process';
import { ServerMachine } from './server-machine';
import { XmppClients } from './xmpp-clients';

const dropIn = '/etc/prosody/jitsi-bridges/local.bridges.cfg.lua';
const [first, second] = [bridgeParameter(1), bridgeParameter(2)];
const password = newSecret();
const fleet: readonly BridgeParameter[] = [first, second];

let machine: ServerMachine;
let clients: XmppClients;

const sync = (): RunResult => machine.run('/opt/jitsi-bridges/sync.sh sync');
const shell = (line: string): void => {
  machine.output(
    `for part in answer host-packages admin-shell; do . /opt/jitsi-bridges/lib/$part.bash; done; printf '%s\\n' '${line}' | admin_shell`,
  );
};

beforeAll(async () => {
  machine = await ServerMachine.start();
  machine.startProsody();
  machine.output('/opt/jitsi-bridges/prepare.sh apply --restart now');
  setParameters(machine, password, fleet);
});
afterAll(() => machine.close());
// First none: a session that the test before has left would keep its component taken.
beforeEach(() => {
  setParameters(machine, password, []);
  machine.output('/opt/jitsi-bridges/sync.sh sync --force yes');
  setParameters(machine, password, fleet);
  sync();
  clients = XmppClients.start(machine);
});
afterEach(() => clients.close());

test.each<[string, () => void]>([
  ['a drop-in without a bridge', () => void machine.output(`: >${dropIn}`)],
  [
    'another secret in the drop-in, and loaded',
    () => {
      machine.output(`sed -i 's/secret = ".*"/secret = "other"/' ${dropIn}`);
      shell('config:reload()');
    },
  ],
  ['a removed drop-in', () => void machine.output(`rm ${dropIn}`)],
  ['a deactivated component', () => shell(`host:deactivate("${nameOf(first)}.meet.test")`)],
  ['an unloaded module', () => shell('module:unload("jitsi_bridges", "meet.test")')],
  [
    "another password of the collector's",
    () =>
      void machine.output(
        "printf 'other\\nother\\n' | prosodyctl passwd bridges-collector@auth.meet.test",
      ),
  ],
])('%s is put right by the next sync', async (_, damage) => {
  const before = machine.output(`cat ${dropIn}`);
  damage();

  expect(sync().stdout).toContain('"ok":true');
  expect(machine.output(`cat ${dropIn}`)).toBe(before);
  for (const each of fleet) {
    expect(await clients.component(nameOf(each), each.secret)).toMatchObject({ ok: true });
    expect(await clients.publish(nameOf(each), `${nameOf(each)}.meet.test`)).toEqual({ ok: true });
  }
  expect(await clients.account('bridges-collector', password)).toMatchObject({ ok: true });
});

const bridges = '/jitsi-bridges/local/bridges';
const good = 'a'.repeat(40);

test.each<[string, string, string]>([
  ['a command in a name', `${bridges}/i-0a000000000000009$(touch /tmp/hit)/secret`, good],
  ['a line break in a name', `${bridges}/i-0a000000000000009\n/secret`, good],
  ['Lua in a name', `${bridges}/i-0a"]] os.execute("touch /tmp/hit") --/secret`, good],
  ['a path in a name', `${bridges}/../../tmp/hit/secret`, good],
  ['a command as a secret', `${bridges}/i-0a000000000000009/secret`, '$(touch /tmp/hit)'],
  ['a quote in a secret', `${bridges}/i-0a000000000000009/secret`, `${good}" os.exit() --`],
  ['a line break after a secret', `${bridges}/i-0a000000000000009/secret`, `${good}\n`],
  ['brackets in a secret', `${bridges}/i-0a000000000000009/secret`, `${good}]]`],
  ['an empty secret', `${bridges}/i-0a000000000000009/secret`, ''],
])('%s is refused, and nothing changes', (_, Name, Value) => {
  const before = machine.output(`cat ${dropIn}`);
  setParameters(machine, password, fleet, [{ Name, Value, Version: 1 }]);

  const refused = sync();
  expect(refused.exitCode).toBe(1);
  expect(refused.stdout).toContain('parameters with a foreign name or a malformed secret');
  expect(machine.output(`cat ${dropIn}`)).toBe(before);
  expect(machine.run('ls /tmp/hit').exitCode).not.toBe(0);
});

test.each(['$(touch /tmp/hit)', `${good}" os.exit() --`, `${good}\n${good}`])(
  'a password of the collector like %j is refused, and the old one holds',
  async (hostile) => {
    setParameters(machine, hostile, fleet);

    expect(sync().stdout).toContain('malformed password');
    expect(machine.run('ls /tmp/hit').exitCode).not.toBe(0);
    expect(await clients.account('bridges-collector', password)).toMatchObject({ ok: true });
  },
);
