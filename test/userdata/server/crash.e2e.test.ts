import fc from 'fast-check';

import type { Suite } from '../../../local/machines/root-file-system';
import { bridgeParameter, newSecret, setParameters } from './fleet-parameters';
import type { RunResult } from '../machine-process';
import { mucEnvironment, scriptEnvironment, ServerMachine, type Layout } from './server-machine';

/**
 * What may be run, on which fleet, and at which of its commands it is killed; undefined lets it
 * finish.
 */
interface Step {
  readonly run: 'prepare' | 'sync' | 'undo';
  readonly bridges: number;
  readonly killAt: number | undefined;
}

const commands = {
  prepare: '/opt/jitsi-bridges/prepare.sh apply --restart now',
  undo: '/opt/jitsi-bridges/prepare.sh undo --restart now',
  sync: '/opt/jitsi-bridges/sync.sh sync --force yes',
};
const password = newSecret();
const fleet = [bridgeParameter(1), bridgeParameter(2), bridgeParameter(3)];

const step: fc.Arbitrary<Step> = fc.record({
  run: fc.constantFrom('prepare', 'sync', 'undo'),
  bridges: fc.integer({ min: 0, max: fleet.length }),
  killAt: fc.option(fc.integer({ min: 10, max: 180 }), { nil: undefined, freq: 6 }),
});

describe.each<[Layout, Suite, 'component' | 'muc']>([
  ['2019', 'bookworm', 'component'],
  ['2021', 'bullseye', 'muc'],
])('packages of %s on %s, generation %s', (layout, suite, generation) => {
  const environment = generation === 'muc' ? mucEnvironment : scriptEnvironment;
  let machine: ServerMachine;
  let killed = 0;

  beforeAll(async () => {
    machine = await ServerMachine.start(suite, layout);
    machine.startProsody();
    // Bash reads this before a script: it counts the commands of ours, and dies at one as a crash
    // would.
    machine.output(
      'cat >/tmp/killer',
      // $0 is not the script's name yet in bullseye's Bash.
      `case $(tr '\\0' ' ' </proc/$$/cmdline) in *'bash -c '*) ;; */prepare.sh\\ * | */sync.sh\\ *)
         set -T; commands=0
         trap 'commands=$((commands + 1)); [ "$commands" -lt "$KILL_AT" ] || kill -KILL $$' DEBUG ;;
       esac`,
    );
  });
  afterAll(() => machine.close());

  function run({ run: name, bridges, killAt }: Step): RunResult {
    setParameters(machine, password, fleet.slice(0, bridges));
    const killer: Readonly<Record<string, string>> =
      killAt === undefined ? {} : { BASH_ENV: '/tmp/killer', KILL_AT: String(killAt) };
    const result = machine.run(commands[name], '', { ...environment, ...killer });
    if (killAt !== undefined && !result.stdout.includes('"ok"')) killed += 1;
    return result;
  }

  const finish = (name: Step['run'], bridges: number): void => {
    const { exitCode, stdout, stderr } = run({ run: name, bridges, killAt: undefined });
    if (exitCode !== 0) throw new Error(`${name}: ${stdout}${stderr}`);
  };

  /** Prosody's own parser takes the configuration as it stands. */
  const expectItLoads = (): void => {
    const lua = '$(head -n 1 /usr/bin/prosodyctl | sed s/.*env.//)';
    const load = `BRIDGES_DEFAULT_SECRET= ${lua} /opt/jitsi-bridges/lua/plan.lua undo /etc/prosody/prosody.cfg.lua /usr/lib/prosody /tmp`;
    const { exitCode, stderr } = machine.run(load, '', environment);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  };

  const files = (): string =>
    machine.output(
      "cd /etc; find prosody jitsi systemd/system -printf '%p %u:%g %m %l\\n' | sort; find prosody jitsi -type f | grep -v local.bridges | sort | xargs sha256sum; cat prosody/jitsi-bridges/local.bridges.cfg.lua 2>&1; ls /run | grep jitsi | grep -vx jitsi-bridges-lock; true",
    );
  const accounts = (): string => machine.output('ls /var/lib/prosody/*/accounts');

  test('whatever was run before, and killed, the next complete run gets what it wants', () => {
    const original = { files: files(), accounts: accounts() };
    finish('prepare', 0);
    const states = fleet.map((_, index) => {
      finish('sync', index);
      return { files: files(), accounts: accounts() };
    });
    finish('undo', 0);
    expect({ files: files(), accounts: accounts() }).toEqual(original);

    fc.assert(
      fc.property(
        fc.array(step, { minLength: 2, maxLength: 4 }),
        fc.integer({ min: 0, max: fleet.length - 1 }),
        (steps, last) => {
          for (const each of steps) {
            run(each);
            expectItLoads();
          }
          finish('prepare', last);
          finish('sync', last);
          expect({ files: files(), accounts: accounts() }).toEqual(states[last]);
          for (const each of steps) run(each);
          finish('undo', last);
          expect({ files: files(), accounts: accounts() }).toEqual(original);
        },
      ),
      { numRuns: process.env['TEST_ALL'] === undefined ? 2 : 10 },
    );
    expect(killed).toBeGreaterThan(0);
  });
});
