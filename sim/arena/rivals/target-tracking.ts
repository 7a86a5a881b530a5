import type {
  Action,
  Controller,
  ControllerOptions,
  Observation,
} from '../../controllers/controller';
import {
  AlarmCounts,
  fleetOf,
  meanStressOf,
  resize,
  setting,
  warmBridges,
  type ObservedFleet,
} from '../../controllers/observed-fleet';

const upPoints = 3;
const downPoints = 15;
const downFactor = 0.9;

/**
 * AWS target tracking of the mean stress: three one-minute points in a row above the target →
 * desired = ⌈warm instances × metric ÷ target⌉; fifteen in a row below 0.9 × the target → ⌊current
 * × (1 − metric ÷ target)⌋ fewer. Instances are left out of the metric while they warm up; nothing
 * is removed while any does.
 *
 * Settings: `target` 0.5, `warmUpSeconds` 300, `predictive` 0 (1: with predictive scaling).
 */
export function createController(options: ControllerOptions): Controller {
  const target = setting(options.settings, 'target', 0.5);
  const warmUpSeconds = setting(options.settings, 'warmUpSeconds', 300);
  const isPredictive = setting(options.settings, 'predictive', 0) > 0;
  const floor = new PredictedFloor(target);
  const alarm = new AlarmCounts(target, downFactor * target);
  return {
    intervalSeconds: 60,
    decide(observation) {
      const fleet = fleetOf(observation);
      const warm = warmBridges(fleet, observation.now, warmUpSeconds);
      const metric = meanStressOf(warm, observation.now);
      alarm.add(metric);
      const predicted = isPredictive ? floor.at(observation) : 0;
      const atLeast = Math.min(options.max, Math.max(options.min, predicted));
      const wanted = wantedSize(fleet, warm.length, metric, target, alarm);
      if (wanted < fleet.size) alarm.restartBelow();
      return change(fleet, Math.min(options.max, Math.max(atLeast, wanted)));
    },
  };
}

function wantedSize(
  fleet: ObservedFleet,
  warmCount: number,
  metric: number | undefined,
  target: number,
  { above, below }: AlarmCounts,
): number {
  if (metric === undefined) return fleet.size;
  if (above >= upPoints) return Math.max(fleet.size, Math.ceil((warmCount * metric) / target));
  if (below >= downPoints && warmCount === fleet.size)
    return fleet.size - Math.floor(fleet.size * (1 - metric / target));
  return fleet.size;
}

function change(fleet: ObservedFleet, desired: number): readonly Action[] {
  return desired === fleet.size ? [] : resize(fleet, desired);
}

const hour = 3600;
const week = 7 * 86_400;
const preLaunchSeconds = 300;

/**
 * Predictive scaling: the mean load of the same hour one and two weeks ago, set 5 min before the
 * hour begins.
 */
class PredictedFloor {
  private next = 0;
  private current = 0;
  private nextHour = -1;

  constructor(private readonly target: number) {}

  at({ now, history }: Observation): number {
    const nextHour = Math.floor((now + preLaunchSeconds) / hour);
    if (nextHour !== this.nextHour) {
      this.nextHour = nextHour;
      this.current = this.next;
      this.next = Math.ceil(this.meanLoad(nextHour * hour, history) / this.target - 1e-9);
    }
    // Until its hour is over the old floor holds as well.
    return now < nextHour * hour ? Math.max(this.current, this.next) : this.next;
  }

  private meanLoad(from: number, history: Observation['history']): number {
    const loads = history
      .filter(({ at }) =>
        [week, 2 * week].some((ago) => at >= from - ago && at < from - ago + hour),
      )
      .map(({ load }) => load);
    return loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
  }
}
