import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(__dirname, '..', '..', '..');
const run = (...options: readonly string[]) =>
  promisify(execFile)(
    join(root, 'node_modules', '.bin', 'tsx'),
    ['sim/arena/bench.ts', ...options],
    {
      cwd: root,
      timeout: 90_000,
    },
  );

const directory = mkdtempSync(join(tmpdir(), 'bench-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('one JSON object for a trace and a controller of one’s own, and the report', async () => {
  const trace = join(directory, 'load.csv');
  const hours = Array.from({ length: 8 * 24 }, (_, hour) => {
    const busy = hour % 24 >= 8 && hour % 24 < 16;
    return `${1_767_225_600 + hour * 3600},${busy ? 100 : 10}`;
  });
  writeFileSync(trace, ['timestamp,value', ...hours].join('\n'));
  const controller = join(directory, 'three-bridges.mjs');
  writeFileSync(
    controller,
    `export const createController = () => ({
      intervalSeconds: 300,
      decide: ({ bridges }) => bridges.length < 3 ? [{ kind: 'launch', count: 3 - bridges.length }] : [],
    });`,
  );
  const options = ['--trace', trace, '--peak', '60', '--controller', controller, '--only', 'ours'];
  const { stdout } = await run(...options, '--seeds', '1', '--json', '--out', directory);
  const result = JSON.parse(stdout) as {
    readonly scenario: string;
    readonly seeds: number;
    readonly controllers: readonly Record<string, unknown>[];
  };
  expect([result.scenario, result.seeds]).toEqual(['trace', 1]);
  expect(result.controllers.map(({ name }) => name)).toEqual([
    'clairvoyant',
    'ours',
    'three-bridges',
  ]);
  for (const figures of result.controllers) {
    expect(figures).toMatchObject({ forcedDisconnects: 0 });
    for (const key of [
      'overloadShare',
      'overloadShareAt1',
      'bridgeHours',
      'bridgeHoursOverClairvoyant',
      'launches',
      'launchesOverClairvoyant',
      'timeToCapacityP95Seconds',
      'decideMillisecondsP99',
    ])
      expect(figures[key]).toEqual(expect.any(Number));
  }
  // Never fewer than three bridges, and none is ever drained: 3 × 168 h, less until the first tick.
  expect(result.controllers[2]?.['bridgeHours']).toBeCloseTo(3 * 168, 3);
  expect(readFileSync(join(directory, 'README.md'), 'utf8')).toContain('the given trace');
  const written = JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8')) as {
    readonly scenarios: unknown;
  };
  expect(written.scenarios).toEqual([result]);
});

test.each([
  ['an unknown scenario', ['--scenario', 'S99'], "no scenario 'S99'"],
  ['a controller that is not there', ['--controller', 'nowhere.ts'], 'no such file'],
  ['seeds that are none', ['--seeds', 'many'], 'give a number of seeds'],
])('refuses %s', async (_, options, message) => {
  await expect(run(...options)).rejects.toMatchObject({
    stderr: expect.stringContaining(message) as string,
  });
});
