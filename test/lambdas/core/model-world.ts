import type { Decision } from '../../../lambdas/core/decide';
import { serializeMemory, type Memory } from '../../../lambdas/core/model/memory';
import type { Policy } from '../../../lambdas/core/model/policy';
import type { BridgeAction, LaunchRequest } from '../../../lambdas/core/model/action';
import type {
  BridgeReport,
  ObservedBridge,
  Overrides,
  Snapshot,
} from '../../../lambdas/core/model/snapshot';
import { rememberLaunch } from '../../../lambdas/core/plan/remember-launch';
import type { DrainOrigin } from '../../../lambdas/core/protocol/drain-tag';
import { capabilitiesOf, type Generation } from '../../../lambdas/core/protocol/generation';
import { spoilings, type LifeEvent, type LifeMinute } from './life-events';
import { isUp, participantsOn, reportOf, takesCalls, type ModelHost } from './model-host';
import { idOf, now as start, snapshotOf } from './snapshots';

/** The scaler's process died. */
export class ModelCrash extends Error {}

/** One array for all minutes, as the scaler keeps its history: what is made of it is made once. */
const none: Snapshot['history'] = [];

/** Reports of this long reach the decision. */
const windowSeconds = 600;

/**
 * A fleet with its calls, EC2, a collector and a scaler's memory, a minute at a time. It carries
 * decisions out as the executor does (`lambdas/scaler/bridge-steps.ts`), and can fail at any
 * point. All that is random comes in with the events.
 */
export class ModelWorld {
  time = start;
  hosts: ModelHost[] = [];
  overrides: Overrides = {};
  memoryText: string | undefined;
  /** Sentences about what must never happen. */
  readonly violations: string[] = [];
  private heartbeats: number[] = [];
  private olderMemory: string | undefined;
  private launchedCount = 0;
  private readonly answers = new Map<string, readonly string[]>();
  private events: readonly LifeEvent[] = [];
  private writesLeft = Infinity;

  constructor(
    private readonly generation: Generation,
    private readonly policy: Policy,
  ) {}

  /** A minute passes: calls start and end, events happen, the collector publishes. */
  pass({ load, events }: LifeMinute): void {
    this.time += 60;
    this.events = events;
    this.hosts = this.hosts.filter(({ state }) => state !== 'shutting-down');
    for (const event of events) this.happen(event);
    this.place(load);
    this.writesLeft = this.find('crash')?.afterWrites ?? Infinity;
    if (!this.has('collectorGap')) this.publish();
  }

  /** What the scaler reads. */
  observe(): Snapshot {
    const now = this.time + (this.find('clock')?.seconds ?? 0);
    const since = this.time - windowSeconds;
    for (const host of this.hosts)
      host.reports = host.reports.filter(({ minute }) => minute >= since);
    this.heartbeats = this.heartbeats.filter((minute) => minute >= since);
    return snapshotOf(
      this.hosts.filter(({ listedAt }) => listedAt <= this.time).map((host) => this.seen(host)),
      {
        now,
        history: none,
        drainKind: capabilitiesOf(this.generation).drain,
        heartbeats: this.heartbeats,
        overrides: this.overrides,
      },
    );
  }

  /** Carries a decision out; a crash or an error of EC2 leaves it where it was. */
  execute(decision: Decision, snapshot: Snapshot): void {
    try {
      let { memory } = decision;
      for (const action of decision.actions)
        if (action.kind === 'launch')
          memory = this.launch(action.request, action.attempt, memory, snapshot);
      for (const action of decision.actions)
        if (action.kind !== 'launch') this.step(action, snapshot.now);
      this.store(memory);
    } catch (error) {
      if (!(error instanceof ModelCrash)) throw error;
    }
  }

  private find<K extends LifeEvent['kind']>(kind: K): Extract<LifeEvent, { kind: K }> | undefined {
    return this.events.find(
      (event): event is Extract<LifeEvent, { kind: K }> => event.kind === kind,
    );
  }

  private has(kind: LifeEvent['kind']): boolean {
    return this.events.some((event) => event.kind === kind);
  }

  private happen(event: LifeEvent): void {
    const host = 'pick' in event ? this.hosts[event.pick % this.hosts.length] : undefined;
    const until = 'minutes' in event ? this.time + 60 * event.minutes : this.time;
    switch (event.kind) {
      case 'lie':
        if (host !== undefined) host.lies = true;
        return;
      case 'drainByItself':
        if (host !== undefined) host.drains = true;
        return;
      case 'mute':
        if (host !== undefined) host.isMute = true;
        return;
      case 'stop':
        if (host !== undefined) Object.assign(host, { state: 'stopped', load: 0 });
        return;
      case 'vanish':
        this.hosts = this.hosts.filter((other) => other !== host);
        return;
      case 'memory':
        this.loseMemory(event.how);
        return;
      case 'clock': // Nor can a run whose clock is off tell what EC2 may not list yet.
        this.listAll();
        return;
      case 'operatorScale':
        this.overrides = { ...this.overrides, scale: { to: event.to, until } };
        return;
      case 'operatorBounds': {
        const { min, spread } = event;
        this.overrides = { ...this.overrides, bounds: { min, max: min + spread, until } };
        return;
      }
      case 'operatorPause':
        this.overrides = { ...this.overrides, pause: { until } };
        return;
      case 'operatorResume':
        this.overrides = {};
        return;
      case 'operatorDrain':
        if (host !== undefined) this.drain(host, 'operator', this.time);
        return;
      case 'operatorProtect':
        if (host !== undefined) host.protectUntil = until;
        return;
      case 'collectorGap': // These are looked up where they matter.
      case 'spoilReport':
      case 'scarce':
      case 'launchThrows':
      case 'badBoot':
      case 'neverRegistered':
      case 'neverBelieved':
      case 'deafForGood':
      case 'unknowable':
      case 'lateList':
      case 'deafAgents':
      case 'crash':
        return;
    }
  }

  /**
   * What memory knew of launches that EC2 does not list yet is gone: nothing else could tell, so
   * here EC2 lists all.
   */
  private loseMemory(how: 'lost' | 'stale' | 'garbage'): void {
    this.listAll();
    this.memoryText = { lost: undefined, stale: this.olderMemory, garbage: '{"format":' }[how];
  }

  private listAll(): void {
    for (const host of this.hosts) host.listedAt = Math.min(host.listedAt, this.time);
  }

  /**
   * Bridges that take no new calls lose those they have in some minutes; the others share the
   * rest.
   */
  private place(load: number): void {
    const serving = this.hosts.filter((host) => takesCalls(host, this.time));
    let rest = load;
    for (const host of this.hosts) {
      if (serving.includes(host)) continue;
      host.load = isUp(host, this.time) && host.load > 0.1 ? host.load / 2 : 0;
      rest -= host.load;
    }
    for (const host of serving) host.load = Math.max(0, rest) / serving.length;
  }

  private publish(): void {
    const minute = this.time - 60;
    this.heartbeats.push(minute);
    for (const host of this.hosts) {
      if (!isUp(host, this.time) || host.isMute || host.isUnheard) continue;
      const spoilt = this.events.find(
        (event) =>
          event.kind === 'spoilReport' && this.hosts[event.pick % this.hosts.length] === host,
      );
      const report = reportOf(host, minute);
      const published: readonly BridgeReport[] =
        spoilt?.kind === 'spoilReport' ? spoilings[spoilt.how](report) : [report];
      host.reports.push(...published);
      host.everReported ||= published.length > 0;
    }
  }

  private seen(host: ModelHost): ObservedBridge {
    const { drain, suspectSince, protectUntil } = host;
    const isPending = this.time - host.launchedAt < 30;
    return {
      instanceId: host.id,
      state: host.state === 'running' && isPending ? 'pending' : host.state,
      instanceType: 'c6i.xlarge',
      zone: 'us-east-1a',
      market: host.market,
      launchedAt: host.launchedAt,
      weight: 1,
      launchToken: host.token,
      registered: host.isRegistered,
      reports: [...host.reports],
      everReported: host.everReported,
      ...(drain === undefined ? {} : { drain }),
      ...(suspectSince === undefined ? {} : { suspectSince }),
      ...(protectUntil === undefined ? {} : { protectUntil }),
    };
  }

  /** Every change of the world by the scaler passes here; the process may die before it. */
  private write(): void {
    if (this.writesLeft <= 0) throw new ModelCrash();
    this.writesLeft -= 1;
  }

  private store(memory: Memory): void {
    this.write();
    this.olderMemory = this.memoryText;
    this.memoryText = serializeMemory(memory);
    if (this.memoryText.length > 4096) this.violations.push('memory is larger than 4 KB');
  }

  private launch(
    request: LaunchRequest,
    attempt: 'first' | 'repeat',
    memory: Memory,
    snapshot: Snapshot,
  ): Memory {
    if (attempt === 'first') this.store(memory);
    this.write();
    const throwing = this.find('launchThrows')?.when;
    if (throwing === 'before') return memory;
    const ids = this.answers.get(request.token) ?? this.create(request, snapshot);
    this.answers.set(request.token, ids);
    if (throwing === 'after') return memory;
    const launched = ids.map((instanceId) => ({
      instanceId,
      instanceType: 'c6i.xlarge',
      market: 'on-demand' as const,
    }));
    const outcome = { status: 'answered', launched, refusals: [] } as const;
    return rememberLaunch(memory, request, outcome, snapshot.now);
  }

  private create(request: LaunchRequest, snapshot: Snapshot): readonly string[] {
    const asked = request.onDemandCount + request.spotCount;
    const count = Math.min(asked, this.find('scarce')?.count ?? asked);
    const created = Array.from({ length: count }, (_, index): ModelHost => {
      this.launchedCount += 1;
      return {
        id: idOf(this.launchedCount),
        token: request.token,
        market: index < request.onDemandCount ? 'on-demand' : 'spot',
        launchedAt: this.time,
        bootsAt:
          this.has('badBoot') || this.has('neverRegistered')
            ? Infinity
            : this.time + 90 + 40 * (this.launchedCount % 4),
        listedAt: this.time + (this.has('lateList') && !this.has('clock') ? 120 : 0),
        state: 'running',
        load: 0,
        drains: false,
        refusesForGood: false,
        isMute: false,
        isUnheard: this.has('neverBelieved') || this.has('unknowable'),
        isDeaf: this.has('deafForGood') || this.has('unknowable'),
        isRegistered: !this.has('neverRegistered'),
        lies: false,
        everReported: false,
        reports: [],
      };
    });
    this.hosts.push(...created);
    this.checkSize(count, snapshot);
    return created.map(({ id }) => id);
  }

  /** I3. */
  private checkSize(created: number, { now }: Snapshot): void {
    const bounds = this.overrides.bounds;
    const max =
      (bounds !== undefined && bounds.until > now ? bounds.max : undefined) ?? this.policy.max;
    const living = this.hosts.filter(({ state }) => state === 'running').length;
    if (created > 0 && living > max + this.policy.surge)
      this.violations.push(`${created} launched make ${living}, more than max ${max} + surge`);
  }

  private drain(host: ModelHost, by: DrainOrigin, since: number): void {
    host.drain = { since, by, reason: 'surplus' };
    if (this.isReachable(host)) host.drains = true;
  }

  private isReachable(host: ModelHost): boolean {
    return !this.has('deafAgents') && !host.isDeaf && host.state === 'running';
  }

  private step(action: BridgeAction, now: number): void {
    this.write();
    const { kind, instanceId } = action;
    const host = this.hosts.find((other) => other.id === instanceId);
    if (host === undefined) return;
    const answers = this.isReachable(host);
    const isEmpty = participantsOn(host) === 0;
    switch (kind) {
      case 'drain':
        this.drain(host, action.by, now);
        return;
      case 'undrain':
        if (!answers || host.refusesForGood) return;
        host.drains = false;
        this.write();
        delete host.drain;
        return;
      case 'recycle':
        if (!answers || !isEmpty) return;
        Object.assign(host, { drains: false, refusesForGood: false, isMute: false });
        this.write();
        delete host.drain;
        return;
      case 'repair':
        if (answers && isEmpty) host.isMute = false;
        return;
      case 'retire':
        this.endWhenEmpty(host, kind);
        return;
      case 'replace':
        this.drainAndEnd(host, kind, now);
        return;
      case 'terminate':
        if (host.state === 'stopped') this.terminate(host, kind);
        else if (host.isRegistered) this.drainAndEnd(host, kind, now);
        else if (!answers || isEmpty) this.terminate(host, kind);
        return;
      case 'suspect':
        host.suspectSince = now;
        return;
      case 'unsuspect':
        delete host.suspectSince;
    }
  }

  private drainAndEnd(host: ModelHost, kind: BridgeAction['kind'], now: number): void {
    host.drain ??= { since: now, by: 'autoscaler', reason: kind };
    this.write();
    this.endWhenEmpty(host, kind);
  }

  private endWhenEmpty(host: ModelHost, kind: BridgeAction['kind']): void {
    if (!this.isReachable(host)) return;
    host.refusesForGood = true;
    this.write();
    if (participantsOn(host) === 0) this.terminate(host, kind);
  }

  /** I1. */
  private terminate(host: ModelHost, kind: BridgeAction['kind']): void {
    if (participantsOn(host) > 0)
      this.violations.push(`${kind} ended ${host.id} with ${participantsOn(host)} participants`);
    host.state = 'shutting-down';
    host.load = 0;
  }

  /** From now on nothing lies, every bridge is heard, and every agent answers. */
  heal(): void {
    for (const host of this.hosts)
      Object.assign(host, { lies: false, isUnheard: false, isDeaf: false });
  }
}
