import type { Action, ActionResult, Controller, Observation } from '../controllers/controller';
import { simulated, type Workload } from '../workload/workload';
import { Agenda } from './agenda';
import type { SimBridge } from './bridge';
import { Collector, collectorPeriodSeconds } from './collector';
import { Elasticity, type ElasticityFigures } from './elasticity';
import { Fleet } from './fleet';
import { Ledger } from './ledger';
import { seatsPerBridge, type WorldSettings } from './settings';
import { Views } from './views';

/** Controllers tick this long after the minute, when its metrics can be read. */
const tickOffsetSeconds = 20;
const emptySeconds = 60;
const neverReportedSeconds = 900;
const oldMetricsSeconds = 90;

/** One point of the plots: a minute of the scored time. */
export interface Sample {
  readonly at: number;
  readonly participants: number;
  readonly active: number;
  readonly draining: number;
  readonly booting: number;
}

export interface RunResult {
  readonly ledger: Ledger;
  readonly elasticity: ElasticityFigures;
  /** Of each call of the controller's `decide`. */
  readonly decideMilliseconds: Float64Array;
  readonly samples: readonly Sample[];
}

export interface RunOptions {
  readonly clock?: () => number;
  /** Keep a {@link Sample} per minute; needs memory. */
  readonly keepSamples?: boolean;
}

/**
 * Lets a controller run a fleet for the scored time, a week unless the workload says otherwise. The same arguments give the same result, times of `decide` apart.
 * @throws {RangeError} when the controller's interval or a launch makes no sense
 */
export function runWeek(
  workload: Workload,
  world: WorldSettings,
  controller: Controller,
  options: RunOptions = {},
): RunResult {
  return new Week(workload, world, controller, options).run();
}

class Week {
  private readonly agenda = new Agenda();
  private readonly ledger: Ledger;
  private readonly fleet: Fleet;
  private readonly collector: Collector;
  private readonly elasticity: Elasticity;
  private readonly decideMilliseconds: number[] = [];
  private readonly samples: Sample[] = [];
  /** Bridges that are not gone. */
  private alive: SimBridge[] = [];
  private known = 0;
  private participants = 0;
  private readonly views: Views;

  constructor(
    private readonly workload: Workload,
    private readonly world: WorldSettings,
    private readonly controller: Controller,
    private readonly options: RunOptions,
  ) {
    const { stressPerParticipant, overloadStress } = world;
    this.ledger = new Ledger(stressPerParticipant, overloadStress, {
      from: 0,
      to: workload.scoredSeconds,
    });
    this.fleet = new Fleet(world, workload.sessions, this.agenda, this.ledger);
    this.collector = new Collector(this.fleet, world, workload.startAt, workload.history);
    this.elasticity = new Elasticity(world.min, seatsPerBridge(world));
    this.views = new Views(workload.startAt);
  }

  run(): RunResult {
    const end = this.workload.scoredSeconds;
    this.prepare();
    this.workload.timeline.forEach((at, session, isJoin) => {
      if (at >= end) return;
      if (this.agenda.nextAt <= at) this.agenda.runUntil(at);
      if (isJoin) {
        this.participants += 1;
        this.fleet.join(session, at);
      } else {
        this.participants -= 1;
        this.fleet.leave(session, at);
      }
    });
    this.agenda.runUntil(end);
    this.ledger.close(this.fleet.bridges);
    return {
      ledger: this.ledger,
      elasticity: this.elasticity.figures(),
      decideMilliseconds: Float64Array.from(this.decideMilliseconds),
      samples: this.samples,
    };
  }

  private prepare(): void {
    const { from } = simulated;
    const { demand, scoredSeconds: to } = this.workload;
    const seats = seatsPerBridge(this.world);
    const first = Math.max(this.world.min, Math.ceil(demand.maximum(from, from + 600) / seats) + 1);
    this.fleet.start(first, from);
    if (this.controller.endsBridges !== true) this.fleet.onEmpty = this.retireLater;
    for (const { at, zone } of this.world.faults.zoneLosses)
      this.agenda.add(at, () => this.loseZone(zone, at));
    this.agenda.every(collectorPeriodSeconds, from, to, (at) => {
      const readableAt = this.collector.collect(at);
      if (readableAt !== undefined) this.agenda.add(readableAt, () => this.collector.publish(at));
      this.sample(at);
    });
    const { intervalSeconds } = this.controller;
    if (!(intervalSeconds >= 1) || intervalSeconds > to - from)
      throw new RangeError(`a controller that ticks every ${intervalSeconds} s`);
    const firstTick = from + (tickOffsetSeconds % intervalSeconds);
    this.agenda.every(intervalSeconds, firstTick, to, (at) => this.tick(at));
  }

  private tick(now: number): void {
    const observation = this.observe(now);
    const { clock } = this.options;
    const startedAt = clock?.() ?? 0;
    const actions = this.controller.decide(observation);
    if (clock !== undefined) this.decideMilliseconds.push(clock() - startedAt);
    const results = actions.map((action) => this.act(action, now));
    this.controller.onResults?.(results);
  }

  private observe(now: number): Observation {
    const { startAt } = this.workload;
    this.updateAlive();
    const bridges = this.alive.map((bridge) => this.views.of(bridge));
    const { collector } = this;
    const { metricsAt } = collector;
    return {
      now: startAt + now,
      ...(metricsAt === undefined ? {} : { metricsAt: startAt + metricsAt }),
      bridges,
      // Most controllers never look, and it is long.
      get history() {
        return collector.history;
      },
    };
  }

  private act(action: Action, now: number): ActionResult {
    if (action.kind === 'launch') {
      const count = Math.max(0, Math.floor(action.count));
      if (!Number.isSafeInteger(count) || count > 10_000)
        throw new RangeError(`a launch of ${action.count} bridges`);
      const launchedIds = this.fleet.launch(count, now);
      return launchedIds === undefined ? { isDone: false } : { isDone: true, launchedIds };
    }
    const bridge = this.fleet.bridges[Number.parseInt(action.id.slice(2), 16)];
    if (bridge === undefined || bridge.phase === 'gone') return { isDone: false };
    switch (action.kind) {
      case 'drain':
        if (bridge.phase === 'active') this.noteRemoval(now);
        return { isDone: this.fleet.drain(bridge, now) };
      case 'undrain':
        return { isDone: this.fleet.undrain(bridge, now) };
      case 'recycle':
        return { isDone: this.fleet.recycle(bridge, now) };
      case 'retire': {
        const isEmpty = bridge.phase === 'draining' && bridge.count === 0;
        if (isEmpty) this.fleet.end([bridge], now);
        return { isDone: isEmpty };
      }
      case 'terminate': {
        if (bridge.readyAt <= now) this.noteRemoval(now);
        const lost = this.fleet.end([bridge], now);
        if (this.ledger.isScored(now)) this.ledger.forcedDisconnects += lost;
        return { isDone: true };
      }
    }
  }

  private noteRemoval(now: number): void {
    const age = now - (this.collector.metricsAt ?? now);
    if (age > oldMetricsSeconds && this.ledger.isScored(now))
      this.ledger.removedWithoutMetrics += 1;
  }

  /**
   * What the arena does for controllers that leave it to it: drained bridges end when they have
   * been empty for a minute.
   */
  private readonly retireLater = (bridge: SimBridge, emptySince: number): void => {
    this.agenda.add(emptySince + emptySeconds, (at) => {
      const isEmpty = bridge.count === 0 && bridge.emptySince === emptySince;
      if (bridge.phase === 'draining' && isEmpty) this.fleet.end([bridge], at);
    });
  };

  private loseZone(zone: number, now: number): void {
    const lost = this.fleet.bridges.filter(
      (bridge) => bridge.zone === zone && bridge.phase !== 'gone',
    );
    this.ledger.faultDisconnects += this.fleet.end(lost, now);
  }

  private sample(now: number): void {
    this.updateAlive();
    if (this.controller.endsBridges !== true)
      this.fleet.end(
        this.alive.filter(
          ({ phase, launchedAt }) => phase === 'booting' && now - launchedAt > neverReportedSeconds,
        ),
        now,
      );
    if (now < 0) return;
    const active = this.fleet.active.length;
    this.elasticity.add(this.participants, active);
    if (this.options.keepSamples !== true) return;
    const draining = this.fleet.draining.length;
    const booting = this.alive.length - active - draining;
    this.samples.push({ at: now, participants: this.participants, active, draining, booting });
  }

  private updateAlive(): void {
    const { bridges } = this.fleet;
    for (; this.known < bridges.length; this.known += 1) {
      const bridge = bridges[this.known];
      if (bridge !== undefined) this.alive.push(bridge);
    }
    if (this.alive.some(({ phase }) => phase === 'gone'))
      this.alive = this.alive.filter(({ phase }) => phase !== 'gone');
  }
}
