import { SimBridge } from '../../../sim/engine/bridge';
import {
  Placement,
  type ConferenceBridge,
  type PlacementVariant,
} from '../../../sim/engine/placement';

const now = 1000;

/** An active bridge that has reported so many participants. */
function bridgeWith(count: number, index = 0): SimBridge {
  const bridge = new SimBridge(index, 0, 0, 0);
  bridge.phase = 'active';
  bridge.count = count;
  bridge.report(now);
  return bridge;
}

function placement(variant: PlacementVariant = 'split'): Placement {
  return new Placement({
    variant,
    stressPerParticipant: 0.01,
    assumedStressPerParticipant: 0.01,
    overloadStress: 0.8,
    maxBridgeParticipants: 80,
  });
}

const home = (bridge: SimBridge, count: number): ConferenceBridge => ({ bridge, count });

test.each<{
  readonly name: string;
  readonly counts: readonly number[];
  /** Participants of the conference by bridge. */
  readonly conference: Readonly<Record<number, number>>;
  readonly expected: number;
}>([
  {
    name: 'a new conference: the least stressed',
    counts: [30, 10, 20],
    conference: {},
    expected: 1,
  },
  { name: 'the bridge of the conference', counts: [30, 10], conference: { 0: 5 }, expected: 0 },
  {
    name: 'the less stressed of its two',
    counts: [30, 20, 0],
    conference: { 0: 5, 1: 5 },
    expected: 1,
  },
  {
    name: 'another when its own is overloaded',
    counts: [80, 79],
    conference: { 0: 5 },
    expected: 1,
  },
  { name: 'its own when all are overloaded', counts: [90, 85], conference: { 0: 5 }, expected: 0 },
  { name: 'not its own with 80 of it', counts: [90, 95], conference: { 0: 80 }, expected: 0 },
  {
    name: 'the least stressed when all are overloaded',
    counts: [90, 85],
    conference: {},
    expected: 1,
  },
])('chooses $name', ({ counts, conference, expected }) => {
  const bridges = counts.map((count, index) => bridgeWith(count, index));
  const homes = Object.entries(conference).flatMap(([index, count]) => {
    const bridge = bridges[Number(index)];
    return bridge === undefined ? [] : [home(bridge, count)];
  });
  expect(placement().choose(bridges, homes, now)?.index).toBe(expected);
});

test('joins of the last 20 s count before they are reported, and no longer', () => {
  const [first, second] = [bridgeWith(10, 0), bridgeWith(15, 1)];
  const chosen = placement();
  for (let index = 0; index < 10; index += 1) chosen.noteJoin(first, now);
  expect(chosen.choose([first, second], [], now + 5)).toBe(second);
  expect(chosen.choose([first, second], [], now + 20)).toBe(first);
});

test('reports are up to 7.5 s old', () => {
  const bridge = bridgeWith(10);
  bridge.count = 50;
  expect(bridge.reportedAt(now + 1)).toBe(10);
  expect(bridge.reportedAt(now + 7.5)).toBe(50);
});

test('single: a conference stays, however full its bridge is', () => {
  const [full, empty] = [bridgeWith(300, 0), bridgeWith(0, 1)];
  expect(placement('single').choose([full, empty], [home(full, 300)], now)).toBe(full);
  expect(placement('single').choose([full, empty], [], now)).toBe(empty);
});

test('a draining bridge of the conference is left when others are candidates', () => {
  const [draining, other] = [bridgeWith(5, 0), bridgeWith(50, 1)];
  draining.phase = 'draining';
  expect(placement().choose([other], [home(draining, 5)], now)).toBe(other);
});

test('nobody can be placed without a candidate', () => {
  expect(placement().choose([], [], now)).toBeUndefined();
});
