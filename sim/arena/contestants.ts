import { createClairvoyant } from './rivals/clairvoyant';
import type { Controller, ControllerOptions, CreateController } from '../controllers/controller';
import { createController as createHpa } from './rivals/hpa';
import { createController as createJitsiAutoscaler } from './rivals/jitsi-autoscaler';
import { createController as createOurs } from '../controllers/ours';
import { createController as createStatic } from '../controllers/static';
import { createController as createStepScaling } from './rivals/step-scaling';
import { createController as createTargetTracking } from './rivals/target-tracking';
import { bootP95Seconds, seatsPerBridge, type WorldSettings } from '../engine/settings';
import type { Workload } from '../workload/workload';

export type Settings = Readonly<Record<string, number>>;

export interface Contestant {
  readonly name: string;
  readonly title: string;
  /** Settings to choose the best from, or to show the front of; one entry = nothing to choose. */
  readonly sweep: readonly Settings[];
  /** It runs with its defaults, whatever would be best. */
  readonly usesDefaults?: true;
  readonly create: (
    options: ControllerOptions,
    workload: Workload,
    world: WorldSettings,
  ) => Controller;
}

const from = (create: CreateController) => (options: ControllerOptions) => create(options);

/** All combinations of the given values. */
function grid(axes: Readonly<Record<string, readonly number[]>>): readonly Settings[] {
  return Object.entries(axes).reduce<readonly Settings[]>(
    (settings, [name, values]) =>
      settings.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}

const targets = [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7];

/** From the boldest to the safest. */
export const clairvoyantFills: readonly number[] = [1, 0.97, 0.94, 0.9, 0.85, 0.8, 0.75];

export const clairvoyant: Contestant = {
  name: 'clairvoyant',
  title: 'C*, perfect foresight',
  sweep: grid({
    holdSeconds: [600, 1800, 3600],
    credit: [0, 0.5, 1],
    fill: clairvoyantFills,
  }),
  create: (options, workload, world) =>
    createClairvoyant(options, {
      demand: workload.demand,
      startAt: workload.startAt,
      seatsPerBridge: seatsPerBridge(world),
      bootP95Seconds: bootP95Seconds(world),
    }),
};

export const ours: Contestant = {
  name: 'ours',
  title: 'Jitsi Bridge Autoscaler, its defaults',
  sweep: [{}, ...grid({ targetStress: [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75] })],
  usesDefaults: true,
  create: from(createOurs),
};

export const rivals: readonly Contestant[] = [
  {
    name: 'static',
    title: 'as many bridges as the peak needs, always',
    sweep: [{}],
    create: (options, { demand, scoredSeconds }, world) => {
      const bridges = Math.ceil(demand.maximum(0, scoredSeconds) / seatsPerBridge(world));
      return createStatic({ ...options, settings: { bridges } });
    },
  },
  {
    name: 'jitsi-autoscaler',
    title: 'jitsi-autoscaler, values of production',
    sweep: [{}],
    create: from(createJitsiAutoscaler),
  },
  {
    name: 'jitsi-autoscaler-tuned',
    title: 'jitsi-autoscaler, tuned',
    sweep: grid({
      up: [0.3, 0.4, 0.5, 0.6],
      down: [0.1, 0.2, 0.3],
      quantity: [1, 2, 4, 8],
      graceSeconds: [120, 300, 600],
    }),
    create: from(createJitsiAutoscaler),
  },
  {
    name: 'target-tracking',
    title: 'AWS target tracking',
    sweep: grid({ target: targets }),
    create: from(createTargetTracking),
  },
  {
    name: 'target-tracking-predictive',
    title: 'AWS target tracking and predictive scaling',
    sweep: grid({ target: targets, predictive: [1] }),
    create: from(createTargetTracking),
  },
  {
    name: 'step-scaling',
    title: 'AWS step scaling',
    sweep: grid({ up: [0.3, 0.35, 0.4, 0.45, 0.5, 0.6], down: [0.15, 0.2, 0.25, 0.3, 0.4] }).filter(
      ({ up = 0, down = 0 }) => down < up,
    ),
    create: from(createStepScaling),
  },
  {
    name: 'hpa',
    title: 'Kubernetes HPA',
    sweep: grid({ target: targets, stabilizationSeconds: [300] }),
    create: from(createHpa),
  },
];

export const contestants: readonly Contestant[] = [clairvoyant, ours, ...rivals];
