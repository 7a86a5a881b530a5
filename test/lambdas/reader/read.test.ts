import { commandSchema } from '../../../lambdas/core/protocol/command';
import { read } from '../../../lambdas/reader/read';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from '../scaler/fake-world';

const env = envOf({ min: 3 });
const bridge = 'i-0123456789abcdef0';
const examples: Readonly<Record<string, object>> = {
  scale: { to: 3 },
  bounds: { max: 4 },
  drain: { bridge },
  undrain: { bridge },
  protect: { bridge },
  retire: { bridge },
  rotate: { bridge },
};

function worldWithBridge(): FakeWorld {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 1, conferences: 1 });
  world.passMinutes(3, 0.3);
  return world;
}

test.each(['status', 'plan'])(
  '%s is what the scaler answers, and nothing is written',
  async (action) => {
    const world = worldWithBridge();
    const reply = await read(world.ports(), env, { action });
    expect(reply).toEqual(await runScaler(world.ports(), env, { action }));
    expect(reply).toMatchObject({ ok: true, before: { active: 1 } });
    expect(world.writes).toEqual([]);
  },
);

const writing = commandSchema.options
  .map((option) => option.shape.action.value)
  .filter((action) => action !== 'status' && action !== 'plan');

test.each(writing)('%s belongs to the scaler', async (action) => {
  const world = worldWithBridge();
  const reply = await read(world.ports(), env, { action, ...examples[action] });
  expect(reply).toMatchObject({ ok: false, error: { code: 'ReadOnly', field: 'action' } });
  expect(world.writes).toEqual([]);
});

test('what is no command names its field', async () => {
  const reply = await read(worldWithBridge().ports(), env, { action: 'stauts' });
  expect(reply).toMatchObject({ ok: false, error: { code: 'InvalidCommand', field: 'action' } });
});
