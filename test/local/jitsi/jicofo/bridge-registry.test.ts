import { BridgeRegistry } from '../../../../local/jitsi/jicofo/bridge-registry';

const report = (packetRate: number, gracefulShutdown = false) => ({
  stressRatio: packetRate / 50_800,
  participants: 0,
  conferences: 0,
  gracefulShutdown,
  drain: false,
  shuttingDown: false,
});

function registryOf(reports: Record<string, ReturnType<typeof report>>): BridgeRegistry {
  const registry = new BridgeRegistry(15_000);
  for (const [jid, first] of Object.entries(reports)) registry.add(jid, first, 0);
  return registry;
}

test.each([
  ['the least stressed', { a: report(20_000), b: report(10_000) }, 'b'],
  ['not the one that shuts down', { a: report(20_000), b: report(0, true) }, 'a'],
  ['an overloaded one when nothing else is left', { a: report(45_000), b: report(60_000) }, 'a'],
  ['none when all shut down', { a: report(0, true) }, undefined],
])('selects %s', (_, reports, expected) => {
  expect(registryOf(reports).select(0)).toBe(expected);
});

test('people of the last ten seconds count before the bridge reports them, then no more', () => {
  const registry = registryOf({ a: report(0), b: report(1000) });
  registry.channelsChanged('a', 4, 0);
  expect(registry.stress('a', 9_999)).toBeCloseTo(2000 / 50_800);
  expect(registry.select(9_999)).toBe('b');
  expect(registry.stress('a', 10_000)).toBe(0);
  expect(registry.select(10_000)).toBe('a');
});

test('more people gone than come does not make a bridge look emptier than it says', () => {
  const registry = registryOf({ a: report(5080) });
  registry.channelsChanged('a', -9, 0);
  expect(registry.stress('a', 1)).toBeCloseTo(0.1);
});

test('a bridge is dropped after its silence, and not when the focus itself was away', () => {
  const registry = registryOf({ a: report(0), b: report(0) });
  registry.update('b', report(0), 10_000);
  expect(registry.expire(15_001)).toEqual(['a']);
  registry.forgiveSilence(60_000);
  expect(registry.expire(60_001)).toEqual([]);
  expect(registry.update('a', report(0), 60_001)).toBe(false);
});
