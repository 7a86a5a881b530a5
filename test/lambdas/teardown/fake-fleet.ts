import type { CommandOutcome } from '../../../lambdas/adapters/aws/run-command';
import type { BridgeInstance } from '../../../lambdas/adapters/aws/ec2';
import { parameterNames } from '../../../lambdas/core/protocol/parameters';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import type { TeardownEnv } from '../../../lambdas/teardown/env';
import type { TeardownPorts } from '../../../lambdas/teardown/ports';
import type { Request } from '../../../lambdas/teardown/request';
import { origin, roleOfBridges, tagsOfLaunch } from '../traces';

export const env: TeardownEnv = {
  fleet: 'main',
  origin,
  bridgeDocument: 'bridge',
  scalerFunction: 'scaler',
  registrarFunction: 'registrar',
};

const names = parameterNames(env.fleet);

interface FakeBridge {
  /** Participants by the number of times that it was asked; the last one stays. */
  readonly participants: readonly number[];
  readonly answers: boolean;
  readonly registered: boolean;
  /** Tags in place of those of a bridge that the scaler launched. */
  readonly tags: Readonly<Record<string, string>>;
  state: BridgeInstance['state'] | 'terminated';
  refusesCalls: boolean;
  asked: number;
  /** Looks at it until EC2 has ended it. */
  looksLeft: number;
}

/** A fleet that is to go; it remembers what was done to it, in order. */
export class FakeFleet {
  readonly writes: string[] = [];
  readonly warnings: object[] = [];
  readonly bridges = new Map<string, FakeBridge>();
  stackStatus = 'DELETE_IN_PROGRESS';
  overrides: string | undefined;
  parameters = [names.memory, names.override, names.collectorPassword, names.serverCertificate];
  scalerFails = false;
  registrarFails = false;
  /** Called when the last tick runs. */
  onTick: () => void = () => undefined;
  now = 1_800_000_000;

  add(id: string, bridge: Partial<FakeBridge> = {}): void {
    this.bridges.set(id, {
      participants: [0],
      answers: true,
      registered: true,
      tags: tagsOfLaunch(env.fleet),
      state: 'running',
      refusesCalls: false,
      asked: 0,
      looksLeft: 2,
      ...bridge,
    });
  }

  ports(): TeardownPorts {
    return {
      stackStatus: () => Promise.resolve(this.stackStatus),
      instances: () => Promise.resolve(this.list()),
      terminate: (id) => {
        this.writes.push(`terminate ${id}`);
        const bridge = this.bridges.get(id);
        if (bridge !== undefined) bridge.state = 'shutting-down';
        return Promise.resolve();
      },
      runCommand: {
        run: ({ instanceId, parameters }) =>
          Promise.resolve(this.answer(instanceId, parameters['action'] ?? '')),
      },
      overrides: {
        read: () => Promise.resolve(this.overrides),
        write: (text) => {
          this.overrides = text;
          this.writes.push(text.includes('pause') ? 'pause' : `overrides ${text}`);
          return Promise.resolve();
        },
      },
      runScaler: () => this.run('tick', this.scalerFails, () => this.onTick()),
      runRegistrar: () => this.run('registrar', this.registrarFails),
      parameters: {
        list: () => Promise.resolve([...this.parameters]),
        remove: (removed) => {
          this.writes.push('remove parameters');
          this.parameters = this.parameters.filter((name) => !removed.includes(name));
          return Promise.resolve();
        },
      },
      clock: {
        now: () => this.now,
        sleep: (seconds) => {
          this.now += seconds;
          return Promise.resolve();
        },
      },
      log: () => undefined,
      warn: (message, fields) => void this.warnings.push({ message, ...fields }),
    };
  }

  private run(name: string, fails: boolean, effect: () => void = () => undefined): Promise<void> {
    this.writes.push(name);
    effect();
    return fails ? Promise.reject(new Error(`${name} failed`)) : Promise.resolve();
  }

  private list(): readonly BridgeInstance[] {
    return [...this.bridges].flatMap(([instanceId, bridge]) => {
      if (bridge.state === 'shutting-down' && --bridge.looksLeft <= 0) bridge.state = 'terminated';
      if (bridge.state === 'terminated') return [];
      return {
        instanceId,
        state: bridge.state,
        instanceType: 'c6i.xlarge',
        zone: 'us-east-1a',
        market: 'on-demand' as const,
        launchedAt: this.now,
        ...roleOfBridges,
        tags: { ...bridge.tags, ...(bridge.registered ? { [tagKeys.registered]: 'since' } : {}) },
      };
    });
  }

  private answer(instanceId: string, action: string): CommandOutcome {
    const bridge = this.bridges.get(instanceId);
    if (action !== 'status') this.writes.push(`${action} ${instanceId}`);
    if (bridge === undefined || !bridge.answers) return { status: 'unreachable' };
    if (action === 'shutdown') bridge.refusesCalls = true;
    const said = bridge.participants[Math.min(bridge.asked, bridge.participants.length - 1)] ?? 0;
    if (action === 'status') bridge.asked += 1;
    const stdout = JSON.stringify({
      ok: true,
      action,
      running: true,
      gracefulShutdown: bridge.refusesCalls,
      participants: said,
      conferences: said === 0 ? 0 : 1,
    });
    return { status: 'success', stdout };
  }
}

export function requestOf(
  RequestType: Request['RequestType'],
  properties: Readonly<Record<string, string>>,
): Request {
  return {
    RequestType,
    RequestId: 'request',
    ResponseURL: 'https://cloudformation.example/answer',
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/JitsiBridges-main/1',
    LogicalResourceId: 'FleetTeardownEmpty',
    ResourceProperties: { ServiceToken: 'arn', force: 'false', step: 'empty', ...properties },
  };
}
