import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { Crash, envOf, FakeWorld } from './fake-world';

/**
 * I4: the process may die between any two calls. Every scenario is run once without a crash to
 * count its calls, then once for each call with a crash before it, and must end in the same state.
 */
interface Scenario {
  readonly name: string;
  readonly policy: Parameters<typeof envOf>[0];
  readonly event: unknown;
  prepare(world: FakeWorld): void;
}

const scenarios: readonly Scenario[] = [
  {
    name: 'a launch',
    policy: { min: 3 },
    event: {},
    prepare: (world) => void world.addBridge(1, { participants: 5, conferences: 1 }),
  },
  {
    name: 'a scale command by a number',
    policy: { min: 1 },
    event: { action: 'scale', by: 2, requestId: 'r1' },
    prepare: (world) => void world.addBridge(1, { participants: 5, conferences: 1 }),
  },
  {
    name: 'a retirement',
    policy: { min: 1 },
    event: {},
    prepare: (world) => {
      world.addBridge(1, { participants: 5, conferences: 1 });
      const tags = { [tagKeys.drain]: '2027-01-01T00:00:00Z autoscaler surplus' };
      world.addBridge(2, { draining: true }, { tags });
    },
  },
  {
    name: 'the end of a bridge that never reported',
    policy: { min: 1 },
    event: {},
    prepare: (world) => {
      world.addBridge(1, { participants: 5, conferences: 1 });
      const tags = { [tagKeys.suspect]: '2027-01-01T00:00:00Z' };
      world.addBridge(2, { unheard: true }, { tags });
    },
  },
  {
    name: 'the end of one that never reported and cannot be asked',
    policy: { min: 1 },
    event: {},
    prepare: (world) => {
      world.addBridge(1, { participants: 5, conferences: 1 });
      const tags = { [tagKeys.suspect]: '2027-01-01T00:00:00Z' };
      world.addBridge(2, { unheard: true, reachable: false, participants: 2 }, { tags });
    },
  },
  {
    name: 'a drain',
    policy: { min: 1 },
    event: { action: 'scale', to: 1 },
    prepare: (world) => {
      world.addBridge(1, { participants: 5, conferences: 1 });
      world.addBridge(2, { participants: 1, conferences: 1 });
    },
  },
];

function prepared(scenario: Scenario): FakeWorld {
  const world = new FakeWorld();
  scenario.prepare(world);
  world.passMinutes(5, 0.1);
  return world;
}

/** Instances that live, and which of them drain: what must not depend on when the process died. */
function stateOf(world: FakeWorld): readonly string[] {
  return [...world.instances.values()]
    .filter(({ state }) => state !== 'shutting-down')
    .map(
      ({ instanceId, tags }) => `${instanceId} ${tagKeys.drain in tags ? 'draining' : 'serving'}`,
    )
    .sort();
}

async function callsOf(scenario: Scenario): Promise<number> {
  const world = prepared(scenario);
  world.callsUntilCrash = 10_000;
  await runScaler(world.ports(), envOf(scenario.policy), scenario.event);
  return 10_000 - world.callsUntilCrash;
}

const listings = [
  { listing: 'EC2 lists new instances at once', listsPending: true },
  { listing: 'EC2 lists them late', listsPending: false },
];

test.each(
  scenarios.flatMap((scenario) => listings.map((listing) => ({ ...scenario, ...listing }))),
)('$name ends the same, wherever the process dies: $listing', async (scenario) => {
  const env = envOf(scenario.policy);
  const whole = prepared(scenario);
  await runScaler(whole.ports(), env, scenario.event);
  const calls = await callsOf(scenario);
  expect(calls).toBeGreaterThan(8);
  for (let before = 0; before < calls; before++) {
    const world = prepared(scenario);
    world.callsUntilCrash = before;
    world.listsPending = scenario.listsPending;
    await runScaler(world.ports(), env, scenario.event).catch((error: unknown) => {
      expect(error).toBeInstanceOf(Crash);
    });
    world.callsUntilCrash = Infinity;
    world.now += 20;
    // The caller of a command repeats it; a tick comes again by itself.
    await runScaler(world.ports(), env, scenario.event);
    await runScaler(world.ports(), env, {});
    expect({ before, state: stateOf(world) }).toEqual({ before, state: stateOf(whole) });
  }
});

test('a launch whose answer was lost is one launch, though EC2 does not list it yet', async () => {
  const world = new FakeWorld();
  const ports = world.ports();
  const env = envOf({ min: 2 });
  const lost = {
    ...ports,
    instances: {
      ...ports.instances,
      launch: async (request: Parameters<typeof ports.instances.launch>[0]) => {
        await ports.instances.launch(request);
        throw new Error('time-out');
      },
    },
  };
  await runScaler(lost, env, {});
  const hidden = {
    ...ports,
    instances: { ...ports.instances, describe: () => Promise.resolve([]) },
  };
  await runScaler(hidden, env, {});
  await runScaler(hidden, env, {});
  expect(world.instances.size).toBe(2);
});
