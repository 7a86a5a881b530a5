import { commandSchema } from '../../lambdas/core/protocol/command';
import type { CommandReply, Reply } from '../../lambdas/core/protocol/reply';
import { bridgesProgram } from '../../cli/program';

const counts = { wanted: 2, booting: 0, active: 2, draining: 0 };
const done: CommandReply = {
  ok: true,
  before: counts,
  after: counts,
  actions: [],
  reasons: [{ code: 'Paused', text: 'paused by the operator' }],
};

async function run(args: readonly string[], reply: Reply = done) {
  const sent: unknown[] = [];
  let out = '';
  let errors = '';
  let exitCode = 0;
  const program = bridgesProgram({
    invoke: (event, target) => {
      sent.push({ event, target });
      return Promise.resolve(reply);
    },
    write: (text) => (out += text),
    writeError: (text) => (errors += text),
    setExitCode: (code) => (exitCode = code),
    colour: false,
    progress: false,
    version: '1.2.3',
  });
  for (const command of [program, ...program.commands]) command.exitOverride();
  const failure = await program.parseAsync(['node', 'bridges', ...args]).then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  return { sent, out, errors, exitCode, failure };
}

const sizes: readonly [string, readonly string[], object][] = [
  ['an absolute size', ['scale', '6'], { to: 6 }],
  ['more', ['scale', '+2'], { by: 2 }],
  ['fewer', ['scale', '-1'], { by: -1 }],
  ['fewer, after two dashes', ['scale', '--', '-1'], { by: -1 }],
];

test.each(sizes)('scale sends %s as one command that ends after an hour', async (_, args, size) => {
  const { sent } = await run(args);
  expect(sent).toEqual([
    {
      event: {
        action: 'scale',
        ...size,
        for: '1h',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      },
      target: expect.anything() as unknown,
    },
  ]);
});

test('every scale has a request id of its own, unless one is given', async () => {
  const idOf = async (...more: string[]) => {
    const [first] = (await run(['scale', '+2', ...more])).sent;
    return (first as { event: { requestId: string } }).event.requestId;
  };
  expect(await idOf()).not.toBe(await idOf());
  expect(await idOf('--request-id', 'mine')).toBe('mine');
});

test('a size that is no number is refused before anything is sent', async () => {
  const { sent, errors, failure } = await run(['scale', 'many']);
  expect(failure).toBeDefined();
  expect(sent).toEqual([]);
  expect(errors).toContain('size must be a whole number');
});

const id = 'i-0123456789abcdef0';
const others: readonly [readonly string[], object][] = [
  [['drain', id], { action: 'drain', bridge: id }],
  [['undrain', 'jvb-0123456789abcdef0'], { action: 'undrain', bridge: id }],
  [['retire', id], { action: 'retire', bridge: id }],
  [['rotate', id], { action: 'rotate', bridge: id }],
  [['protect', id, '--for', '3h'], { action: 'protect', bridge: id, for: '3h' }],
  [['protect', id], { action: 'protect', bridge: id, for: '1h' }],
  [
    ['bounds', '--min', '2', '--max', '12', '--for', '8h'],
    { action: 'bounds', min: 2, max: 12, for: '8h' },
  ],
  [['bounds', '--min', '0'], { action: 'bounds', min: 0, for: '1h' }],
  [['pause', '--for', '30m'], { action: 'pause', for: '30m' }],
  [['resume'], { action: 'resume' }],
];

test.each(others)('%j is one command that the scaler takes', async (args, command) => {
  const { sent } = await run([...args, '--request-id', 'mine']);
  const [{ event }] = sent as [{ event: unknown }];
  expect(event).toEqual({ ...command, requestId: 'mine' });
  expect(commandSchema.safeParse(event).error).toBeUndefined();
});

test('every command of the scaler is one of the command line, too', () => {
  const offered = [...sizes.map(([, args]) => args), ...others.map(([args]) => args)];
  const names = new Set(['status', 'plan', ...offered.map(([name]) => name)]);
  const actions = commandSchema.options.map((option) => option.shape.action.value);
  expect([...names].sort()).toEqual([...actions].sort());
});

test.each([
  [['drain', 'all'], 'bridge must be an instance id, for example i-'],
  [['drain'], "missing required argument 'bridge'"],
  [['bounds', '--min', '-1'], 'a whole number'],
])('%j is refused before anything is sent', async (args, message) => {
  const { sent, errors, failure } = await run(args);
  expect(failure).toBeDefined();
  expect(sent).toEqual([]);
  expect(errors).toContain(message);
});

test('--json prints the reply as it came', async () => {
  const { out } = await run(['--json', 'plan']);
  expect(JSON.parse(out)).toEqual(done);
});

test('--json is taken behind the command as well', async () => {
  const { out } = await run(['plan', '--json']);
  expect(JSON.parse(out)).toEqual(done);
});

test('a refused command names the field and ends with exit code 1', async () => {
  const { out, exitCode } = await run(['scale', '99'], {
    ok: false,
    error: { code: 'InvalidCommand', field: 'to', message: 'must be between 1 and 5' },
  });
  expect(exitCode).toBe(1);
  expect(out).toContain('InvalidCommand: to: must be between 1 and 5');
  expect(out).toContain('Nothing was changed');
});

test('status shows a row per bridge, and a dash for what was never reported', async () => {
  const { out } = await run(['status'], {
    ...done,
    bridges: [
      {
        instanceId: 'i-0123456789abcdef0',
        name: 'jvb-0123456789abcdef0',
        phase: 'booting',
        instanceType: 'c6i.xlarge',
        zone: 'us-east-1a',
        launchedAt: '2026-01-01T00:00:00.000Z',
        registered: false,
      },
    ],
  });
  const row = out.split('\n').find((line) => line.startsWith('i-'));
  expect(row).toMatch(/booting +– +– +– +– +no +c6i\.xlarge/);
});

test('status shows schedules in force and the next one', async () => {
  const times = { from: '2027-01-15T07:00:00.000Z', until: '2027-01-15T17:00:00.000Z' };
  const { out } = await run(['status'], {
    ...done,
    schedules: [
      { name: 'office', text: 'hold 3 until 18:00 Fri Europe/Berlin', ...times, state: 'open' },
      { name: 'night', text: 'max 2 from 22:00 Fri Europe/Berlin', ...times, state: 'next' },
    ],
  });
  expect(out).toContain('schedule  office: hold 3 until 18:00 Fri Europe/Berlin\n');
  expect(out).toContain('next      night: max 2 from 22:00 Fri Europe/Berlin\n');
});
