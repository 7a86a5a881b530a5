import { cpus, loadavg } from 'node:os';

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
import { mucEnvironment, scriptEnvironment, ServerMachine } from './server-machine';
import { XmppClients, type BridgeState } from './xmpp-clients';

const sync = '/opt/jitsi-bridges/sync.sh sync';
const password = newSecret();
const pidFile = '/run/prosody/prosody.pid';

/** Server A prepared for a generation, with a fleet that reports. */
class Fleet {
  private constructor(
    readonly machine: ServerMachine,
    readonly clients: XmppClients,
    private readonly generation: 'component' | 'muc',
  ) {}

  static async start(
    suite: Suite,
    generation: 'component' | 'muc',
    bridges: readonly BridgeParameter[],
  ): Promise<Fleet> {
    const machine = await ServerMachine.start(suite, generation === 'muc' ? '2021' : '2019');
    machine.startProsody();
    const fleet = new Fleet(machine, XmppClients.start(machine), generation);
    fleet.run('/opt/jitsi-bridges/prepare.sh apply --restart now');
    fleet.syncTo(bridges);
    for (const bridge of bridges) {
      const name = nameOf(bridge);
      if (generation === 'component') await fleet.clients.keepComponent(name, bridge.secret);
      else await fleet.clients.keepClient(name, bridge.secret);
    }
    await fleet.allReport();
    return fleet;
  }

  syncTo(bridges: readonly BridgeParameter[]): string {
    setParameters(this.machine, password, bridges);
    return this.run(sync);
  }

  run(command: string): string {
    const environment = this.generation === 'muc' ? mucEnvironment : scriptEnvironment;
    const { exitCode, stdout, stderr } = this.machine.run(command, '', environment);
    if (exitCode !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Milliseconds until every bridge has reported once more. */
  async allReport(): Promise<number> {
    const started = Date.now();
    const before = new Map((await this.clients.kept()).map(({ name, reports }) => [name, reports]));
    const again = ({ name, reports }: BridgeState): boolean => reports > (before.get(name) ?? 0);
    await eventually(async () => (await this.clients.kept()).every(again));
    return Date.now() - started;
  }

  async silenced(): Promise<readonly string[]> {
    return (await this.clients.kept()).filter(({ refused }) => refused).map(({ name }) => name);
  }

  async close(): Promise<void> {
    this.clients.close();
    await this.machine.close();
  }
}

const bridgesFrom = (first: number, count: number): BridgeParameter[] =>
  Array.from({ length: count }, (_, index) => bridgeParameter(first + index));

test.each<[Suite, 'component' | 'muc']>([
  ['bullseye', 'component'],
  ['bookworm', 'component'],
  ['trixie', 'component'],
  ['bookworm', 'muc'],
])(
  'on %s, 20 %s bridges all report again within 15 s when Prosody is restarted, and when it is killed',
  async (suite, generation) => {
    const fleet = await Fleet.start(suite, generation, bridgesFrom(1, 20));
    for (const signal of ['TERM', 'KILL']) {
      fleet.machine.output(
        `pid=$(cat ${pidFile}); kill -${signal} $pid; while [ -d /proc/$pid ]; do sleep 0.05; done`,
      );
      fleet.machine.startProsody();
      const ms = await fleet.allReport();
      console.info(`${suite}, ${generation}: all report ${String(ms)} ms after SIG${signal}`);
      expect(await fleet.silenced()).toEqual([]);
    }
    if (generation === 'component') await expectNoForgery(fleet);
    await fleet.close();
  },
);

/**
 * After the restarts rights are what they were: nobody reports for another, no guest owns the
 * node.
 */
async function expectNoForgery({ clients }: Fleet): Promise<void> {
  const guest = await clients.guest('guest');
  expect(await clients.create('guest')).toMatchObject({ ok: false });
  expect(await clients.subscribe('guest', guest.jid ?? '')).toMatchObject({ ok: false });
  expect(await clients.publish('guest', `${nameOf(bridgeParameter(1))}.meet.test`)).toMatchObject({
    condition: 'forbidden',
  });
}

test('200 registrations, removals and rotations drop no session and lose no message', async () => {
  const standing = bridgesFrom(1, 50);
  const fleet = await Fleet.start('bookworm', 'component', standing);
  const guests = Array.from({ length: 20 }, (_, index) => `guest-${String(index)}`);
  for (const guest of guests) expect(await fleet.clients.guest(guest)).toMatchObject({ ok: true });
  await fleet.clients.talk(guests, 500);

  const times: number[] = [];
  let passing: BridgeParameter[] = [];
  // 10 more, new secrets for five of them, and all removed again: 250 changes in 30 calls.
  for (let round = 0; round < 10; round += 1) {
    const added = bridgesFrom(1000 + round * 10, 10);
    for (const wanted of [added, added.map(rotated).slice(0, 5), []]) {
      passing = [...wanted];
      const started = Date.now();
      fleet.syncTo([...standing, ...passing]);
      times.push(Date.now() - started);
    }
  }
  const { sent, received, disconnects } = await fleet.clients.hush(guests);
  times.sort((a, b) => a - b);
  const [median, slowest] = [times[times.length >> 1] ?? NaN, times.at(-1) ?? NaN];
  console.info(
    `${String(times.length)} syncs: median ${String(median)} ms, slowest ${String(slowest)} ms; ` +
      `${String(sent)} messages sent, ${String(received)} received`,
  );
  expect({ received, disconnects }).toEqual({ received: sent, disconnects: 0 });
  expect(sent).toBeGreaterThan(100);
  expect(await fleet.silenced()).toEqual([]);
  await fleet.allReport();
  // Two seconds of a machine that does nothing else: where others compute as well, of our share of
  // it.
  const share = Math.max(1, loadavg()[0] ?? 1) / cpus().length;
  expect(slowest / Math.max(1, share)).toBeLessThan(2000);
  await fleet.close();
});
