import type { LoadSample } from '../workload/history';
import { historyBinSeconds } from '../workload/history';
import { Random } from '../workload/random';
import type { Fleet } from './fleet';
import { isWithin } from './fleet';
import type { WorldSettings } from './settings';

const minute = 60;
const keptSamples = (4 * 7 * 86_400) / historyBinSeconds;

/**
 * The collector: looks at all reports once a minute; what it saw can be read 5–15 s later. So a
 * controller that looks at any time has metrics that are 5–75 s old.
 */
export class Collector {
  /** When the newest readable metrics were taken. */
  metricsAt: number | undefined;
  private readonly samples: LoadSample[];
  /** A copy of the newest samples, made when somebody looks. */
  private shown: readonly LoadSample[] | undefined;
  private readonly delays: Random;
  private readonly bin: { at: number; sum: number; count: number } = { at: 0, sum: 0, count: 0 };

  constructor(
    private readonly fleet: Fleet,
    private readonly world: WorldSettings,
    private readonly startAt: number,
    history: readonly LoadSample[],
  ) {
    this.samples = [...history];
    this.delays = new Random(world.seed, 'collector');
  }

  get history(): readonly LoadSample[] {
    this.shown ??= this.samples.slice(-keptSamples);
    return this.shown;
  }

  /**
   * Takes the metrics of this minute; returns when they can be read, or undefined while none can
   * be taken.
   */
  collect(now: number): number | undefined {
    const delay = this.delays.between(5, 15);
    if (isWithin(this.world.faults.metricsAbsent, now)) return undefined;
    let load = 0;
    for (const list of [this.fleet.active, this.fleet.draining])
      for (const bridge of list) {
        const participants = bridge.reportedAt(now);
        const stress = participants * this.world.stressPerParticipant;
        load += stress;
        bridge.pendingMetrics = {
          at: now,
          stress,
          participants,
          conferences: bridge.conferencesReportedAt(now),
          draining: bridge.phase === 'draining',
        };
      }
    this.keep(now, load);
    return now + delay;
  }

  publish(collectedAt: number): void {
    this.metricsAt = collectedAt;
    for (const list of [this.fleet.active, this.fleet.draining])
      for (const bridge of list)
        if (bridge.pendingMetrics?.at === collectedAt) bridge.metrics = bridge.pendingMetrics;
  }

  private keep(now: number, load: number): void {
    const at = Math.floor(now / historyBinSeconds) * historyBinSeconds;
    if (at !== this.bin.at && this.bin.count > 0) this.closeBin();
    this.bin.at = at;
    this.bin.sum += load;
    this.bin.count += 1;
  }

  private closeBin(): void {
    const sample = { at: this.startAt + this.bin.at, load: this.bin.sum / this.bin.count };
    // The warm-up before the scored week is in the given history already.
    if (sample.at > (this.samples.at(-1)?.at ?? -Infinity)) {
      this.samples.push(sample);
      this.shown = undefined;
    }
    this.bin.sum = 0;
    this.bin.count = 0;
  }
}

export const collectorPeriodSeconds = minute;
