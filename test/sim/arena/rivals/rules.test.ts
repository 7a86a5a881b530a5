import { createController as createHpa } from '../../../../sim/arena/rivals/hpa';
import { createController as createStatic } from '../../../../sim/controllers/static';
import { createController as createStepScaling } from '../../../../sim/arena/rivals/step-scaling';
import { createClairvoyant } from '../../../../sim/arena/rivals/clairvoyant';
import { ordinaryMonday } from '../../../../sim/workload/calendar';
import { crowd, workloadOf } from '../../worlds';
import {
  activeOf,
  bootingOf,
  fleetOf,
  observationOf,
  optionsOf,
  ticks,
} from '../../controllers/observations';

describe('HPA', () => {
  const hpa = () => createHpa(optionsOf({ target: 0.5 }));
  test.each([
    ['grows to ⌈ready × mean ÷ target⌉', 4, 0.7, 2],
    ['leaves 10 % of tolerance', 4, 0.54, 0],
    ['grows by four at most when small', 2, 4, 4],
    ['at most doubles', 6, 4, 6],
  ])('%s', (_, count, stress, launched) => {
    const seen = ticks(hpa(), fleetOf(count, stress), 15);
    expect(seen.map(([, action]) => action)).toEqual(
      launched === 0 ? [] : [{ kind: 'launch', count: launched }],
    );
  });
  test('shrinks to the most that it wanted in five minutes', () => {
    const controller = hpa();
    ticks(controller, fleetOf(10, 0.4), 15);
    // 8 were wanted above; 4 are now.
    const drains = controller.decide(observationOf(fleetOf(10, 0.2), 1_800_000_100));
    expect(drains).toHaveLength(2);
    expect(controller.decide(observationOf(fleetOf(8, 0.2), 1_800_000_300))).toHaveLength(4);
  });
  test('takes bridges that boot for idle when it grows', () => {
    // 4 × 0.7 ÷ 6 ÷ 0.5 = 0.93: no direction, nothing happens.
    expect(ticks(hpa(), [...fleetOf(4, 0.7), bootingOf(8), bootingOf(9)], 15)).toEqual([]);
  });
});

describe('step scaling', () => {
  const steps = () => createStepScaling(optionsOf({ up: 0.5, down: 0.3 }));
  test.each([
    ['10 % a little above', 0.55, 1],
    ['20 % from 0.1 above', 0.61, 2],
    ['40 % from 0.2 above', 0.71, 4],
  ])('adds %s', (_, stress, count) => {
    expect(ticks(steps(), fleetOf(10, stress), 180)).toEqual([[120, { kind: 'launch', count }]]);
  });
  test('removes 10 % after fifteen minutes below', () => {
    const seen = ticks(steps(), fleetOf(10, 0.2), 900);
    expect(seen.map(([second, { kind }]) => [second, kind])).toEqual([[840, 'drain']]);
  });
  test('does not add again what warms up already', () => {
    const bridges = [...fleetOf(10, 0.55), bootingOf(20)];
    expect(ticks(steps(), bridges, 600)).toEqual([]);
  });
});

test('static launches what is missing and drains nothing', () => {
  const controller = createStatic(optionsOf({ bridges: 5 }));
  expect(ticks(controller, fleetOf(3, 0.1), 60)).toEqual([[0, { kind: 'launch', count: 2 }]]);
  expect(ticks(controller, fleetOf(7, 0), 3600)).toEqual([]);
});

describe('the clairvoyant', () => {
  // 240 people from 1000 s to 2000 s.
  const { demand } = workloadOf(crowd(240, 1, 1000, 2000));
  const clairvoyant = (settings = {}) =>
    createClairvoyant(optionsOf({ holdSeconds: 600, ...settings }), {
      demand,
      startAt: ordinaryMonday,
      seatsPerBridge: 80,
      bootP95Seconds: 200,
    });
  const at = (second: number, bridges = fleetOf(2, 0.1)) =>
    clairvoyant().decide(observationOf(bridges, ordinaryMonday + second));

  test('launches a boot ahead of the need, not earlier', () => {
    expect(at(700)).toEqual([]);
    expect(at(820)).toEqual([{ kind: 'launch', count: 1 }]);
  });
  test('undrains before it launches', () => {
    const bridges = [...fleetOf(2, 0.1), { ...activeOf(5, 0.4), phase: 'draining' as const }];
    expect(at(820, bridges)).toEqual([{ kind: 'undrain', id: 'i-5' }]);
  });
  test('shrinks only when the need does not come back within the hold', () => {
    expect(at(500, fleetOf(3, 0.1))).toEqual([]);
    expect(at(2100, fleetOf(3, 0.1))).toHaveLength(1);
    expect(at(100, fleetOf(3, 0.1))).toHaveLength(1);
  });
  test('plans with part of the seats if told to', () => {
    const decide = (fill: number) =>
      clairvoyant({ fill }).decide(observationOf(fleetOf(3, 0.1), ordinaryMonday + 900));
    expect(decide(1)).toEqual([]);
    expect(decide(0.9)).toEqual([{ kind: 'launch', count: 1 }]);
  });
});
