import { runWeek, type RunOptions, type RunResult } from '../engine/run';
import type { ScenarioRun } from './scenarios';
import { makeWorkload, type Workload } from '../workload/workload';
import type { Contestant, Settings } from './contestants';

/** A world in which one contestant after the other runs the same week. */
export class Competition {
  readonly workload: Workload;

  constructor(private readonly scenario: ScenarioRun) {
    this.workload = makeWorkload(scenario.workload);
  }

  get world(): ScenarioRun['world'] {
    return this.scenario.world;
  }

  run(contestant: Contestant, settings: Settings, options: RunOptions = {}): RunResult {
    const { world } = this.scenario;
    const controller = contestant.create(
      {
        min: world.min,
        max: world.max,
        isDrainReversible: world.isDrainReversible,
        overloadStress: world.overloadStress,
        settings,
      },
      this.workload,
      world,
    );
    return runWeek(this.workload, world, controller, options);
  }
}
