import type { CommandOutcome } from '../../../lambdas/adapters/aws/run-command';
import type { LaunchOutcome } from '../../../lambdas/core/model/launch-outcome';
import type { BridgeFigures } from '../../../lambdas/adapters/aws/bridge-figures';
import type { BridgeInstance } from '../../../lambdas/adapters/aws/ec2';
import type { FiguresAsked, FiguresByInstance } from '../../../lambdas/adapters/aws/metrics';
import type { Measurement } from '../../../lambdas/adapters/aws/publish-metrics';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { launchSettingsSchema } from '../../../lambdas/core/protocol/launch-settings';
import { policySchema, type Policy } from '../../../lambdas/core/model/policy';
import type { BridgeReport, LoadSample } from '../../../lambdas/core/model/snapshot';
import type { LaunchRequest } from '../../../lambdas/core/model/action';
import type { ScalerEnv } from '../../../lambdas/scaler/env';
import type { Ports } from '../../../lambdas/scaler/ports';
import { origin, roleOfBridges, tagsOfLaunch } from '../traces';

/** What the fake's calls throw from the moment on that the process is dead. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** A full minute. */
export const start = 1_800_000_000;

interface Host {
  running: boolean;
  participants: number;
  conferences: number;
  draining: boolean;
  /** It refuses calls for good; a v1 bridge that drains does too. */
  shutDown?: boolean;
  /** What it answers differs in this from what is true. */
  says?: Readonly<Record<string, unknown>>;
  /** It does not do what `shutdown` asks. */
  refusesShutdown?: boolean;
  /** The collector does not hear, or does not believe, its reports. */
  unheard?: boolean;
  reachable: boolean;
}

/**
 * A small AWS with one fleet: instances, metrics, parameters, bridges that answer to Run Command.
 * It remembers every change and can end the process before any call.
 */
export class FakeWorld {
  now = start;
  readonly instances = new Map<string, BridgeInstance>();
  readonly hosts = new Map<string, Host>();
  readonly reports = new Map<string, BridgeReport[]>();
  generation: ScalerEnv['generation'] = 'component';
  /**
   * Version of each bridge's secret that Prosody wants, and of the one that the bridge was started
   * with.
   */
  readonly wanted = new Map<string, number>();
  readonly held = new Map<string, number>();
  /** Which figures of bridges were read, read by read. */
  readonly asked: FiguresAsked[] = [];
  /** Set to have the registrar fail. */
  registrarFails = false;
  /** Instances for which the registrar made a secret; each that was registered has one. */
  readonly secrets = new Set<string>();
  /** Last words of boots that failed. */
  readonly consoles = new Map<string, readonly string[]>();
  heartbeats: number[] = [];
  history: readonly LoadSample[] = [];
  memory: { text: string; version: number } | undefined;
  overrides: string | undefined;
  /** What `jitsi-bridges bake` stored. */
  image: string | undefined;
  /** One short text per call that changes something, in order. */
  readonly writes: string[] = [];
  readonly logged: { message: string; fields: Readonly<Record<string, unknown>> }[] = [];
  readonly published: Measurement[] = [];
  /** Answers by client token, as EC2 keeps them. */
  private readonly launches = new Map<string, LaunchOutcome>();
  /** Set to answer a launch otherwise than with all that was asked for. */
  answerLaunch: ((request: LaunchRequest) => LaunchOutcome) | undefined;
  callsUntilCrash = Infinity;
  /** EC2 does not list young instances yet (eventual consistency). */
  listsPending = true;
  private launchedCount = 0;

  /** Changes of AWS or of a bridge; the scaler's own bookkeeping is no such change. */
  get effects(): readonly string[] {
    return this.writes.filter((text) => !/^(memory|publish|registrar)/.test(text));
  }

  addBridge(
    index: number,
    host: Partial<Host> = {},
    changes: Partial<BridgeInstance> = {},
  ): string {
    const instanceId = `i-${index.toString(16).padStart(17, '0')}`;
    const { tags, ...rest } = changes;
    this.instances.set(instanceId, {
      instanceId,
      state: 'running',
      instanceType: 'c6i.xlarge',
      zone: 'us-east-1a',
      market: 'on-demand',
      launchedAt: this.now - 7200,
      ...roleOfBridges,
      tags: { ...tagsOfLaunch('test'), [tagKeys.registered]: 'yes', ...tags },
      ...rest,
    });
    if (this.instances.get(instanceId)?.tags[tagKeys.registered] !== undefined)
      this.secrets.add(instanceId);
    this.hosts.set(instanceId, {
      running: true,
      participants: 0,
      conferences: 0,
      draining: false,
      reachable: true,
      ...host,
    });
    return instanceId;
  }

  /** Time passes; each minute the collector publishes what every running bridge says. */
  passMinutes(minutes: number, stressRatio = 0): void {
    for (let minute = 0; minute < minutes; minute++) {
      this.heartbeats.push(this.now);
      for (const [id, host] of this.hosts) {
        const isThere = host.running && this.instances.get(id)?.state === 'running';
        if (!isThere || host.unheard === true) continue;
        const report = {
          minute: this.now,
          stressRatio,
          participantCount: host.participants,
          conferenceCount: host.conferences,
          draining: host.draining,
        };
        this.reports.set(id, [...(this.reports.get(id) ?? []), report]);
      }
      this.now += 60;
    }
  }

  /** Pending instances boot, EC2 forgets terminated ones. */
  settle(): void {
    for (const [id, instance] of this.instances) {
      if (instance.state === 'pending') {
        this.instances.set(id, { ...instance, state: 'running' });
        this.hosts.set(id, {
          running: true,
          participants: 0,
          conferences: 0,
          draining: false,
          reachable: true,
        });
      }
      if (instance.state === 'shutting-down') {
        this.instances.delete(id);
        this.hosts.delete(id);
      }
    }
  }

  readonly dataDelay = { seconds: 0 };

  ports(): Ports {
    return {
      dataDelay: this.dataDelay,
      instances: {
        describe: () =>
          this.read(() =>
            [...this.instances.values()].filter(
              ({ state }) => this.listsPending || state !== 'pending',
            ),
          ),
        lastWords: (id) => this.read(() => this.consoles.get(id) ?? []),
        launch: (request) => this.write(`launch ${request.token}`, () => this.launch(request)),
        tag: (id, tags) =>
          this.write(`tag ${id} ${Object.keys(tags).join()}`, () =>
            this.change(id, ({ tags: old }) => ({ tags: { ...old, ...tags } })),
          ),
        untag: (id, keys) =>
          this.write(`untag ${id} ${keys.join()}`, () =>
            this.change(id, ({ tags: old }) => ({
              tags: Object.fromEntries(Object.entries(old).filter(([key]) => !keys.includes(key))),
            })),
          ),
        terminate: (id) =>
          this.write(`terminate ${id}`, () => {
            const host = this.hosts.get(id);
            if (host !== undefined) host.running = false;
            this.change(id, () => ({ state: 'shutting-down' }));
          }),
        look: (id) => this.read(() => this.instances.get(id)),
      },
      history: () => this.read(() => ({ samples: this.history })),
      metrics: {
        heartbeats: (since) => this.read(() => this.heartbeats.filter((at) => at >= since)),
        hear: (asked, since) =>
          this.read(() => {
            const heartbeats = this.heartbeats.filter((at) => at >= since);
            const newest = heartbeats.at(-1);
            const saysSo = (reports: readonly BridgeReport[]) =>
              reports.some(({ minute, draining }) => minute === newest && draining === true);
            return {
              heartbeats,
              drainsReported:
                newest === undefined ? undefined : [...this.reports.values()].filter(saysSo).length,
              figures: this.figures(asked, since),
            };
          }),
        figures: (asked, since) => this.read(() => this.figures(asked, since)),
        everReported: (ids) =>
          this.read(() => new Set(ids.filter((id) => (this.reports.get(id) ?? []).length > 0))),
      },
      publish: (measurements) =>
        this.write('publish', () => void this.published.push(...measurements)),
      state: {
        readMemory: () => this.read(() => this.memory?.text),
        writeMemory: (text) =>
          this.write('memory', () => {
            if (text.includes('{{') || Buffer.byteLength(text) > 4096)
              throw new Error('ValidationException: this value cannot be stored');
            this.memory = { text, version: (this.memory?.version ?? 0) + 1 };
            return 'written' as const;
          }),
        readOverrides: () => this.read(() => this.overrides),
        readImage: () => this.read(() => this.image),
        writeOverrides: (text) => this.write('overrides', () => void (this.overrides = text)),
      },
      runCommand: {
        run: ({ instanceId, parameters }) => {
          const action = parameters['action'] ?? '';
          const answer = () => this.runOnBridge(instanceId, action);
          return action === 'status'
            ? this.read(answer)
            : this.write(`run ${action} ${instanceId}`, answer);
        },
      },
      hasSecret: (id) => this.read(() => this.secrets.has(id)),
      notifyRegistrar: () => this.write('registrar', () => undefined),
      rotateSecret: (id) => this.write(`rotate ${id}`, () => this.rotate(id)),
      clock: {
        now: () => this.now,
        sleep: (seconds) => {
          this.now += seconds;
          return Promise.resolve();
        },
      },
      log: {
        info: (message, fields) => void this.logged.push({ message, fields }),
        error: (message, fields) => void this.logged.push({ message, fields }),
      },
    };
  }

  private read<T>(value: () => T): Promise<T> {
    if (this.callsUntilCrash <= 0) return Promise.reject(new Crash());
    this.callsUntilCrash -= 1;
    return Promise.resolve(value());
  }

  private write<T>(text: string, act: () => T): Promise<T> {
    return this.read(() => {
      this.writes.push(text);
      return act();
    });
  }

  /** As CloudWatch has them: only what was asked for. */
  private figures(asked: FiguresAsked, since: number): FiguresByInstance {
    this.asked.push(asked);
    const figures = new Map<string, BridgeFigures>();
    const valuesOf = (id: string, value: (report: BridgeReport) => number | undefined) =>
      new Map(
        (this.reports.get(id) ?? [])
          .filter(({ minute }) => minute >= since)
          .flatMap((report) => {
            const found = value(report);
            return found === undefined ? [] : [[report.minute, found] as const];
          }),
      );
    const add = (id: string, more: BridgeFigures) =>
      figures.set(id, { ...figures.get(id), ...more });
    for (const id of asked.stress)
      add(id, { stress: valuesOf(id, ({ stressRatio }) => stressRatio) });
    for (const id of asked.calls)
      add(id, {
        participants: valuesOf(id, ({ participantCount }) => participantCount),
        conferences: valuesOf(id, ({ conferenceCount }) => conferenceCount),
      });
    for (const id of asked.draining)
      add(id, { draining: valuesOf(id, ({ draining }) => (draining === true ? 1 : undefined)) });
    return figures;
  }

  private change(id: string, changes: (old: BridgeInstance) => Partial<BridgeInstance>): void {
    const old = this.instances.get(id);
    if (old !== undefined) this.instances.set(id, { ...old, ...changes(old) });
  }

  private launch(request: LaunchRequest): LaunchOutcome {
    const known = this.launches.get(request.token);
    if (known !== undefined) return known;
    const outcome = this.answerLaunch?.(request) ?? this.launchAll(request);
    this.launches.set(request.token, outcome);
    return outcome;
  }

  launchAll(request: LaunchRequest, count = request.onDemandCount): LaunchOutcome {
    const launched = Array.from({ length: count }, () => {
      this.launchedCount += 1;
      const id = this.addBridge(
        0x1000 + this.launchedCount,
        { running: false },
        {
          state: 'pending',
          launchedAt: this.now,
          tags: { [tagKeys.launch]: request.token },
        },
      );
      return { instanceId: id, instanceType: 'c6i.xlarge', market: 'on-demand' as const };
    });
    return { status: 'answered', launched, refusals: [] };
  }

  private rotate(id: string): void {
    if (this.registrarFails) throw new Error('Server A is away');
    this.wanted.set(id, (this.wanted.get(id) ?? 1) + 1);
  }

  private runOnBridge(id: string, action: string): CommandOutcome {
    const host = this.hosts.get(id);
    if (host?.reachable !== true) return { status: 'unreachable' };
    const isBusy = host.participants > 0 || host.conferences > 0;
    const restarts = action === 'restart' || action === 'recycle' || action === 'renew';
    const isRefused = action === 'shutdown' && host.refusesShutdown === true;
    if (!isRefused && (action === 'drain' || action === 'shutdown')) host.draining = true;
    if (action === 'shutdown' || this.generation === 'component') host.shutDown = host.draining;
    if (action === 'undrain' && host.shutDown !== true) host.draining = false;
    if (restarts && !isBusy)
      Object.assign(host, { draining: false, shutDown: false, running: true });
    if (action === 'renew' && !isBusy) this.held.set(id, this.wanted.get(id) ?? 1);
    const error =
      restarts && isBusy
        ? 'participants'
        : action === 'undrain' && host.draining
          ? 'irreversible'
          : undefined;
    const { running, participants, conferences } = host;
    const word = {
      ok: error === undefined,
      action,
      ...(error === undefined ? {} : { error }),
      running,
      ...(running ? { participants, conferences, gracefulShutdown: host.shutDown === true } : {}),
      ...(host.says === undefined ? {} : { ok: false, ...host.says }),
    };
    const stdout = `${JSON.stringify(word)}\n`;
    return error !== undefined
      ? { status: 'failed', exitCode: 1, stdout, stderr: '' }
      : { status: 'success', stdout };
  }
}

export function envOf(
  policy: Partial<Policy> = {},
  generation: ScalerEnv['generation'] = 'component',
): ScalerEnv {
  return {
    fleet: 'test',
    generation,
    policy: policySchema.parse({
      min: 1,
      max: 5,
      targetStress: 0.6,
      headroomFactor: 0,
      scaleInPatienceSeconds: 600,
      forecast: 'off',
      ...policy,
    }),
    launch: launchSettingsSchema.parse({
      launchTemplateId: 'lt-1',
      launchTemplateVersion: '1',
      instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
      subnetIds: ['subnet-a'],
      onDemandBase: 100,
      spotPercent: 0,
    }),
    origin,
    registrarFunction: 'registrar',
    bridgeDocument: 'bridge',
  };
}
