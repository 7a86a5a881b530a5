import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { config, runSimulate } from './simulate-command';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The first days of New York's taxis, as load of a small fleet. */
const taxisOf = (days: number) =>
  readFileSync(join(__dirname, '../../../sim/arena/data/nyc_taxi.csv'), 'utf8')
    .split('\n')
    .slice(1, 1 + 48 * days)
    .map((line) => {
      const [time = '', value = ''] = line.split(',');
      return { time, load: (Number(value) / 10_000).toFixed(3) };
    });
const taxis = taxisOf(3);
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n'));
  return path;
};
const plain = file('load.csv', [
  'timestamp,load',
  ...taxis.map(({ time, load }) => `${time},${load}`),
]);
const withBridges = file('with-bridges.csv', [
  'timestamp,load,bridges',
  ...taxisOf(10).map(({ time, load }) => `${time},${load},4`),
]);

test('compares the policy, a changed one and the bridges of the peak with what really ran', async () => {
  const html = join(folder, 'page.html');
  const { report } = await runSimulate([
    ...['--trace', withBridges, '--set', 'policy.targetStress=0.5', '--set', 'policy.min=2'],
    ...['--seeds', '1', '--json', '--html', html],
  ]);
  const { controllers, ...rest } = report();
  expect(controllers.map(({ name }) => name)).toEqual(['recorded', 'static', 'current', 'changed']);
  const [recorded, , current, changed] = controllers;
  expect(recorded).toMatchObject({ bridgeHours: 4 * 168, dollars: 4 * 168 * 0.17, launches: 0 });
  expect(changed?.title).toBe('with targetStress 0.5, min 2');
  expect(changed?.bridgeHours).toBeGreaterThan(current?.bridgeHours ?? Infinity);
  expect(current?.bridgeHoursDifference).toBeCloseTo((current?.bridgeHours ?? 0) / (4 * 168) - 1);
  expect(rest).toMatchObject({ fleet: 'test', scoredDays: 7, historyDays: 3, seeds: 1 });
  expect(rest.notes.join('\n')).toMatch(/Overload is therefore an estimate/);
  expect(rest.notes.join('\n')).toMatch(/Only 3.0 days before the scored ones are recorded/);
  const text = readFileSync(html, 'utf8');
  expect(text).toContain('what really ran');
  expect(text).toContain('prefers-color-scheme: dark');
  expect(text).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/);
  expect(text.match(/<g class="vermilion"><path class="line" d="M[^"]+"/g)).toHaveLength(2);
});

test('without what really ran, the bridges of the peak are the measure; --out writes all forms', async () => {
  const out = join(folder, 'out');
  const { out: text } = await runSimulate(['--trace', plain, '--seeds', '1', '--out', out]);
  expect(readdirSync(out).sort()).toEqual(['simulation.html', 'simulation.json', 'simulation.svg']);
  expect(text).toMatch(/as many as the peak needs, always +\d+\.\d +\$/);
  expect(text).toMatch(/the policy of bridges\.yaml +\d+\.\d( +\$\d+\.\d\d){2} +[+−]\d+ %/);
  expect(text).toContain('A bridge-hour costs $0.17: c6i.xlarge on-demand in us-east-1');
});

test('egress is counted: as much as the calls need, whoever runs the fleet', async () => {
  const html = join(folder, 'egress.html');
  const args = ['--trace', plain, '--seeds', '1', '--html', html];
  const assumed = (await runSimulate([...args, '--json'])).report();
  const given = await runSimulate([...args, '--json', '--mbit-per-participant', '6.6']);
  const { egress, controllers } = given.report();
  expect(assumed.egress).toMatchObject({ mbitPerParticipant: 3.3 });
  expect(assumed.egress.source).toContain("Jitsi's handbook");
  expect(egress.gigabytes).toBeCloseTo(2 * assumed.egress.gigabytes, 6);
  expect(egress.dollars).toBeGreaterThan(1.5 * assumed.egress.dollars);
  for (const { dollars, dollarsWithEgress } of controllers)
    expect(dollarsWithEgress - dollars).toBeCloseTo(egress.dollars, 6);
  expect(readFileSync(html, 'utf8')).toMatch(/<th>with egress<\/th>[^]*6\.6 Mbit\/s/);
  expect((await runSimulate(args)).out).toMatch(/with egress[^]*Egress: \d+ GB, \$\d+/);
});

test('what really ran may be in a file of its own', async () => {
  const actual = file(
    'actual.csv',
    taxis.map(({ time }) => `${time},5`),
  );
  const args = ['--trace', plain, '--actual', actual, '--seeds', '1', '--price', '0.5', '--json'];
  const [recorded] = (await runSimulate(args)).report().controllers;
  expect(recorded).toMatchObject({ name: 'recorded', bridgeHours: 360, dollars: 180 });
});

test('tells how far it is when it takes long', async () => {
  let now = 0;
  const day = file('day.csv', [
    'timestamp,load',
    ...taxis.slice(0, 48).map(({ time, load }) => `${time},${load}`),
  ]);
  const { errors } = await runSimulate(['--trace', day, '--seeds', '1'], {
    now: () => (now += 1.5),
  });
  expect(errors).toBe('simulated 2 of 2 runs, 3 s\n');
});

const units: readonly [string, readonly string[], readonly string[], number, RegExp][] = [
  ['participants by the header', ['time,participants'], [], 3, /1 % of a bridge/],
  ['participants by the option', ['time,value'], ['--unit', 'participants'], 3, /1 % of a bridge/],
  ['a scaled shape', ['time,value'], ['--peak', '500'], 5, /daily peaks of 500 participants/],
  [
    'a shape, since no fleet of 12 has a load of 300',
    ['time,value'],
    [],
    6,
    /values of 300 cannot be a load in bridges, since max is 12/,
  ],
  ['load by the option', ['time,value'], ['--unit', 'load', '--peak', '300'], 3, /scaled/],
];

test.each(units)('takes values of 300 as %s', async (_, header, args, load, note) => {
  const rows = Array.from({ length: 72 }, (_, bin) => `${1_767_225_600 + bin * 300},300`);
  const trace = file('units.csv', [...header, ...rows]);
  const run = await runSimulate(['--trace', trace, '--seeds', '1', '--json', ...args]);
  expect(run.report().peakLoad).toBeCloseTo(load);
  expect(run.report().notes.join('\n')).toMatch(note);
});

test('gaps are told', async () => {
  const lines = taxis.filter((_, index) => index < 100 || index >= 108);
  const trace = file('gap.csv', ['time,load', ...lines.map(({ time, load }) => `${time},${load}`)]);
  const { report } = await runSimulate(['--trace', trace, '--seeds', '1', '--json']);
  expect(report().notes.join('\n')).toContain('There is a gap of 4.0 h from 2014-07-03T02:00Z.');
});

const refused: readonly [string, readonly string[], RegExp][] = [
  ['a key that does not exist', ['--set', 'policy.targetStres=1'], /did you mean targetStress\?/],
  ['a value out of bounds', ['--set', 'policy.targetStress=7'], /policy\.targetStress/],
  ['a contradiction', ['--set', 'policy.min=20'], /policy\.min: must not be greater than max/],
  ['no assignment', ['--set', 'policy.min'], /must be key=value/],
  ['what is no policy', ['--set', 'fleet=other'], /only keys of the policy can be set/],
  ['a file that is not there', ['--trace', 'nowhere.csv'], /nowhere\.csv/],
  ['another fleet', ['--fleet', 'other', '--trace', plain], /is for fleet test, not other/],
  ['--actual without a trace', ['--actual', plain], /--actual needs --trace/],
  ['too many weeks', ['--weeks', '6'], /from 1 to 5/],
  ['no seeds', ['--seeds', '0'], /from 1 to 50/],
  ['a price of nothing', ['--price', '0'], /positive/],
  ['a unit that is none', ['--trace', plain, '--unit', 'calls'], /load, participants/],
  [
    'a page in no directory',
    ['--trace', plain, '--html', join(folder, 'no', 'p.html')],
    /directory \S+ does not exist/,
  ],
  ['a directory that is a file', ['--trace', plain, '--out', plain], /: not a directory/],
];

test.each(refused)(
  '%s is refused with exit code 2, and nothing is written',
  async (_, args, message) => {
    const page = join(folder, 'refused.html');
    const { out, errors, exitCode } = await runSimulate(['--html', page, ...args]);
    expect(exitCode).toBe(2);
    expect(errors).toMatch(message);
    expect(out).toBe('');
    expect(existsSync(page)).toBe(false);
  },
);

const traces: readonly [string, readonly string[], RegExp][] = [
  ['a word for a value', ['2026-01-01,x', '2026-01-02,1'], /bad\.csv: line 1: 'x' is not a number/],
  ['time that stands still', ['2026-01-01,1', '2026-01-01,1'], /line 2: time does not increase/],
  ['a single line', ['2026-01-01,1'], /at least two lines/],
  ['an hour', ['1767225600,1', '1767225900,1', '1767226200,1'], /less than two hours/],
  ['silence', ['2026-01-01,0', '2026-01-02,0', '2026-01-03,0'], /always zero/],
  [
    'more people than can be simulated',
    ['time,participants', '2026-01-01,1000000', '2026-01-02,1000000'],
    /--peak/,
  ],
];

test.each(traces)('a trace of %s is refused', async (_, lines, message) => {
  const { errors, exitCode } = await runSimulate(['--trace', file('bad.csv', lines)]);
  expect([exitCode, errors]).toEqual([2, expect.stringMatching(message)]);
});

test('what really ran at another time is refused', async () => {
  const actual = file('other-time.csv', ['2026-01-01,5', '2026-01-02,5']);
  const { errors, exitCode } = await runSimulate(['--trace', plain, '--actual', actual]);
  expect([exitCode, errors]).toEqual([2, expect.stringMatching(/--actual must cover it/)]);
});

test('an instance type without a known price needs one', async () => {
  const types = { ...config, bridge: { instanceTypes: [{ type: 'x9.xlarge' }] } };
  const { errors, exitCode } = await runSimulate(['--trace', plain], { config: types });
  expect([exitCode, errors]).toEqual([
    2,
    expect.stringMatching(/no price is known for x9\.xlarge.*--price/),
  ]);
});
