import type { RunCommand } from '../adapters/aws/run-command';
import type { BridgeInstance } from '../adapters/aws/ec2';

/** The remote systems of one run; tests put fakes here. */
export interface TeardownPorts {
  /** `DELETE_IN_PROGRESS` and so on. */
  readonly stackStatus: (stackId: string) => Promise<string>;
  /** Instances with the fleet's tag that EC2 lists, terminated ones left out. */
  readonly instances: () => Promise<readonly BridgeInstance[]>;
  readonly terminate: (instanceId: string) => Promise<void>;
  readonly runCommand: RunCommand;
  readonly overrides: {
    readonly read: () => Promise<string | undefined>;
    readonly write: (text: string) => Promise<void>;
  };
  /** Run a function and wait for it. @throws when it fails */
  readonly runScaler: () => Promise<void>;
  readonly runRegistrar: () => Promise<void>;
  readonly parameters: {
    /** Names of all parameters of the fleet. */
    readonly list: () => Promise<readonly string[]>;
    readonly remove: (names: readonly string[]) => Promise<void>;
  };
  readonly clock: {
    /** Epoch seconds. */
    now(): number;
    sleep(seconds: number): Promise<void>;
  };
  readonly log: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}
