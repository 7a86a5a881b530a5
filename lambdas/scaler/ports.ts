import type { BridgeInstance } from '../adapters/aws/ec2';
import type { RunCommand } from '../adapters/aws/run-command';
import type { LaunchOutcome } from '../core/model/launch-outcome';
import type { Measurement } from '../adapters/aws/publish-metrics';
import type { NotifyRegistrar, RotateSecret } from '../adapters/aws/registrar';
import type { State } from '../adapters/aws/state';
import type { LaunchRequest } from '../core/model/action';
import type { ReadPorts } from '../observation/ports';
import type { DataDelay } from './await-data';

type FleetInstances = ReadPorts['instances'];

/** EC2, for one fleet. */
export interface Instances extends FleetInstances {
  launch(request: LaunchRequest): Promise<LaunchOutcome>;
  tag(instanceId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  untag(instanceId: string, keys: readonly string[]): Promise<void>;
  terminate(instanceId: string): Promise<void>;
  /** An instance as EC2 shows it now; undefined when it is terminated or unknown. */
  look(instanceId: string): Promise<BridgeInstance | undefined>;
  /** The last lines of an instance's console that tell of its boot; printable, few and short. */
  lastWords(instanceId: string): Promise<readonly string[]>;
}

export interface Clock {
  /** Epoch seconds. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

/** Where lines of the log go; the decision record is one of them. */
export interface Log {
  info(message: string, fields: Readonly<Record<string, unknown>>): void;
  error(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Everything outside the scaler that it reads or changes; tests put fakes here. */
export interface Ports extends ReadPorts {
  readonly instances: Instances;
  readonly publish: (measurements: readonly Measurement[], time: Date) => Promise<void>;
  readonly state: State;
  readonly runCommand: RunCommand;
  /** Whether the registrar made a secret for an instance that has not been deleted. */
  readonly hasSecret: (instanceId: string) => Promise<boolean>;
  readonly notifyRegistrar: NotifyRegistrar;
  readonly rotateSecret: RotateSecret;
  readonly clock: Clock;
  readonly dataDelay: DataDelay;
  readonly log: Log;
}
