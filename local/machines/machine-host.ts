/** A file or directory of the host that machines see, read-only. */
export interface ReadOnlyMount {
  readonly from: string;
  /** Absolute path in the machine. */
  readonly to: string;
}

/**
 * What the emulated EC2 needs of whatever runs its machines. Two implementations: `SandboxHost`
 * really boots root file systems in namespaces; `InstantHost` (tests, hundreds of bridges) boots
 * nothing.
 */
export interface MachineSpec {
  readonly instanceId: string;
  /** Address in the VPC; the machine's only one besides loopback. */
  readonly privateIpAddress: string;
  /** User data as IMDS serves it, decoded; empty when there is none. */
  readonly userData: string;
  /** Image to boot from, if one of {@link MachineHost.createImage}; any other is the host's own. */
  readonly imageId?: string;
  /**
   * A host of containers: a system of its own, on which a container daemon can run. @default no
   * containers
   */
  readonly containers?: {
    readonly rootFileSystem: string;
    /** Besides those of all machines. */
    readonly mounts: readonly ReadOnlyMount[];
  };
  /** `kept`: the disk stays when the machine powers itself off, until it is terminated. */
  readonly disk?: 'kept';
}

export interface CommandRequest {
  readonly instanceId: string;
  /** The whole script; run by bash as root on the machine. */
  readonly script: string;
  readonly timeoutSeconds: number;
}

export interface CommandResult {
  /** 124 when the time was up. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MachineHost {
  /** Resolves when the machine runs its init, not when its user data is done. */
  launch(spec: MachineSpec): Promise<void>;
  run(request: CommandRequest): Promise<CommandResult>;
  /**
   * Stops every process of the machine and removes its disk; nothing to do when it is gone
   * already.
   */
  terminate(instanceId: string): Promise<void>;
  /** Makes an image of the disk of a machine that has powered off and whose disk is kept. */
  createImage(instanceId: string, imageId: string): Promise<void>;
  /** What the machine wrote to its console so far. */
  consoleOutput(instanceId: string): string;
  /** Called when a machine powers itself off. */
  onPowerOff(listener: (instanceId: string) => void): void;
}
