import { bake, unbake } from '../../../cli/bake/bake';
import { BakeFailed } from '../../../cli/bake/bake-failed';
import { usableImage } from '../../../lambdas/core/protocol/baked-image';
import { FakeBakeContext, image, recipe, type Moment } from './fake-bake-context';

const order = { fleet: 'main', templateId: 'lt-1' };
const failed: readonly string[] = [
  'jitsi-bridges: FAILED in stage install (exit 100); last lines of its log:',
  'jitsi-bridges: | E: no such version',
];
const stopped = { state: 'stopped', stateReason: 'Client.InstanceInitiatedShutdown' } as const;

let context: FakeBakeContext;
beforeEach(() => (context = new FakeBakeContext()));

async function failureOf(running: Promise<unknown>): Promise<BakeFailed> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BakeFailed)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

test('a machine that is through becomes the image that the scaler uses, and is ended', async () => {
  const result = await bake(context, order);
  expect(context.done).toEqual(['launch', 'image of i-1', 'store', 'terminate i-1']);
  expect(usableImage(context.stored, recipe)).toEqual({ imageId: result.imageId });
  expect(result).toMatchObject({ ok: true, recipe, installSeconds: 60, removedImageIds: [] });
  expect(result.name).toBe('jitsi-bridges-main-component-1126-1-0a1b2c3d-1970-01-01-000100');
});

test('what the console tells is passed on, each line once', async () => {
  await bake(context, order);
  expect(context.told.filter((line) => line.includes('stage install done in 9s'))).toHaveLength(1);
  expect(context.told.join('\n')).not.toContain('cloud-init');
});

const ends: readonly [string, readonly Moment[], RegExp][] = [
  [
    'a stage that fails',
    [{ atSeconds: 10, state: 'running', says: failed }],
    /FAILED in stage install/,
  ],
  [
    'somebody stops it',
    [{ atSeconds: 10, state: 'stopped', stateReason: 'Client.UserInitiatedShutdown' }],
    /was stopped: Client.User/,
  ],
  [
    'it vanishes',
    [{ atSeconds: 10, state: 'ended', stateReason: 'Server.InternalError' }],
    /was terminated: Server/,
  ],
  ['it stops without a word', [{ atSeconds: 10, ...stopped }], /does not say "baked"/],
  ['it hangs', [{ atSeconds: 10, state: 'running' }], /not ready after 30 minutes/],
];

test.each(ends)(
  '%s: no image, the machine is terminated, the reason is reported',
  async (_, story, reason) => {
    context.story = story;
    const { message, console } = await failureOf(bake(context, order));
    expect(message).toMatch(reason);
    expect(context.done).toEqual(['launch', 'terminate i-1']);
    expect(context.stored).toBeUndefined();
    if (story[0]?.says === failed) expect(console.at(-1)).toBe('| E: no such version');
  },
);

test('the console of a stopped machine may come late', async () => {
  context.story = [
    { atSeconds: 10, ...stopped },
    { atSeconds: 200, ...stopped, says: ['jitsi-bridges: baked'] },
  ];
  await expect(bake(context, order)).resolves.toMatchObject({ ok: true });
});

test.each([
  ['while it installs', 30, ['launch', 'terminate i-1']],
  ['while EC2 copies', 90, ['launch', 'image of i-1', 'remove ami-00000000', 'terminate i-1']],
])('Ctrl-C %s leaves nothing behind', async (_, second, done) => {
  context.interruptedAt = second;
  await failureOf(bake(context, order));
  expect(context.done).toEqual(done);
  expect([...context.machines, ...context.existing]).toEqual([]);
  expect(context.stored).toBeUndefined();
});

test('an image that EC2 fails to make is removed, and the one in use stays', async () => {
  context.stored = 'the old one';
  context.imageEnd = 'failed';
  expect((await failureOf(bake(context, order))).message).toContain('no space');
  expect(context.existing).toEqual([]);
  expect(context.stored).toBe('the old one');
});

test('what a killed run left behind is ended first', async () => {
  context.machines.add('i-old');
  await bake(context, order);
  expect(context.done.slice(0, 2)).toEqual(['terminate i-old', 'launch']);
  expect(context.machines).toEqual(new Set());
});

test('two images stay, older ones go with their snapshots', async () => {
  context.existing = [image('ami-c'), image('ami-b'), image('ami-a')];
  const { imageId, removedImageIds } = await bake(context, order);
  expect(removedImageIds).toEqual(['ami-b', 'ami-a']);
  expect(context.existing.map((one) => one.imageId)).toEqual([imageId, 'ami-c']);
});

test('--remove has the configured image used before the first image goes', async () => {
  context.existing = [image('ami-b'), image('ami-a')];
  context.machines.add('i-old');
  expect(await unbake(context, 'main')).toEqual(['ami-b', 'ami-a']);
  expect(context.done).toEqual(['terminate i-old', 'forget', 'remove ami-b', 'remove ami-a']);
});
