import { commandSchema } from '../../../../lambdas/core/protocol/command';

const bridge = 'i-0123456789abcdef0';

test.each([
  ['seconds', 90, 90],
  ['seconds with their unit', '90s', 90],
  ['minutes', '30m', 1800],
  ['hours', '2h', 7200],
  ['days', '1d', 86_400],
  ['a year', '365d', 31_536_000],
])('a duration in %s', (_name, text, seconds) => {
  expect(commandSchema.parse({ action: 'pause', for: text })).toEqual({
    action: 'pause',
    for: seconds,
  });
});

test.each([0, -1, 1.5, '0s', '1.5h', '366d', '2 h', 'h', '2w', '', true, 365 * 86_400 + 1])(
  'no duration: %p',
  (text) => {
    const parsed = commandSchema.safeParse({ action: 'pause', for: text });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['for']]);
  },
);

test.each([
  { action: 'scale', to: 3 },
  { action: 'scale', by: -1 },
  { action: 'bounds', max: 3 },
  { action: 'protect', bridge },
  { action: 'pause' },
])('$action holds for an hour unless told otherwise', (command) => {
  expect(commandSchema.parse(command)).toEqual({ ...command, for: 3600 });
});

test.each([
  [{ action: 'scale' }, 'to'],
  [{ action: 'scale', to: 1, by: 1 }, 'to'],
  [{ action: 'bounds', max: 0 }, 'max'],
  [{ action: 'bounds', min: -1 }, 'min'],
  [{ action: 'drain', bridge: 'jvb-0123456789abcdef0' }, 'bridge'],
  [{ action: 'retire' }, 'bridge'],
  [{ action: 'status', requestId: '' }, 'requestId'],
])('%j is refused by the name of its field', (command, field) => {
  const parsed = commandSchema.safeParse(command);
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field]);
});
