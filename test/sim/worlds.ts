import type { Action, Controller, Observation } from '../../sim/controllers/controller';
import { defaultWorld, type WorldSettings } from '../../sim/engine/settings';
import { ordinaryMonday } from '../../sim/workload/calendar';
import { Timeline } from '../../sim/workload/demand';
import { SessionList } from '../../sim/workload/sessions';
import { simulated, type Workload } from '../../sim/workload/workload';

/** Who is in which conference, from and to when, in seconds of the scored week. */
export type Stay = readonly [conference: number, joinAt: number, leaveAt: number];

/** A week in which only the given stays happen. */
export function workloadOf(stays: readonly Stay[]): Workload {
  const sessions = new SessionList();
  for (const [conference, joinAt, leaveAt] of stays) sessions.add(conference, joinAt, leaveAt);
  const timeline = new Timeline(sessions, simulated);
  return {
    startAt: ordinaryMonday,
    scoredSeconds: simulated.to,
    conferenceCount: new Set(stays.map(([conference]) => conference)).size,
    sessions,
    timeline,
    demand: timeline.demand(),
    history: [],
  };
}

/** `count` people of one conference who join and leave together. */
export function crowd(
  count: number,
  conference: number,
  from: number,
  to: number,
): readonly Stay[] {
  return Array.from({ length: count }, () => [conference, from, to]);
}

export function worldOf(changes: Partial<WorldSettings> = {}): WorldSettings {
  return { ...defaultWorld, min: 1, bootSigma: 0, ...changes };
}

/** Does at its tick nearest after a time (seconds of the scored week) what is written for it. */
export function script(
  steps: readonly (readonly [at: number, action: (observation: Observation) => Action])[],
): Controller {
  const left = [...steps];
  return {
    intervalSeconds: 60,
    decide(observation) {
      const now = observation.now - ordinaryMonday;
      const due = left.filter(([at]) => at <= now);
      left.splice(0, due.length);
      return due.map(([, action]) => action(observation));
    },
  };
}

export const launch = (count: number) => (): Action => ({ kind: 'launch', count });

/** An action on the n-th bridge that the controller sees. */
export const onBridge =
  (kind: Exclude<Action['kind'], 'launch'>, index: number) =>
  ({ bridges }: Observation): Action => ({ kind, id: bridges[index]?.id ?? 'i-none' });
