import { createController } from '../../../../sim/arena/rivals/jitsi-autoscaler';
import { activeOf, bootingOf, fleetOf, optionsOf, ticks } from '../../controllers/observations';

const production = () => createController(optionsOf());

test('grows by one after two periods at the upper threshold', () => {
  expect(ticks(production(), fleetOf(4, 0.3), 90)).toEqual([[60, { kind: 'launch', count: 1 }]]);
});

test('does nothing between the thresholds', () => {
  expect(ticks(production(), fleetOf(4, 0.2), 3600)).toEqual([]);
});

test('drains the least loaded after ten periods below the lower threshold', () => {
  const bridges = [activeOf(0, 0.09), activeOf(1, 0.01), activeOf(2, 0.05)];
  const [first] = ticks(production(), bridges, 660);
  expect(first).toEqual([540, { kind: 'drain', id: 'i-1' }]);
});

test('never goes below min', () => {
  expect(ticks(production(), fleetOf(2, 0.01), 3600)).toEqual([]);
});

test('waits while a bridge boots', () => {
  expect(ticks(production(), [...fleetOf(4, 0.9), bootingOf(9)], 3600)).toEqual([]);
});

test('waits for the grace period after a change', () => {
  const controller = createController(optionsOf({ up: 0.5, quantity: 2, graceSeconds: 300 }));
  expect(ticks(controller, fleetOf(4, 0.6), 90)).toEqual([[60, { kind: 'launch', count: 2 }]]);
  expect(ticks(controller, fleetOf(6, 0.6), 240)).toEqual([]);
});

test('launches what is missing of the number it decided on', () => {
  const controller = production();
  ticks(controller, fleetOf(4, 0.2), 60);
  expect(ticks(controller, fleetOf(3, 0.2), 30)).toEqual([[0, { kind: 'launch', count: 1 }]]);
});
