import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { copyDisk } from './disk-image';
import { makeFileLayer } from './file-layer';
import { removeControlGroups } from './control-groups';
import type {
  CommandRequest,
  CommandResult,
  MachineHost,
  MachineSpec,
  ReadOnlyMount,
} from './machine-host';
import { MachineProcess } from './machine-process';
import { makePipes } from './pipe';
import { runInMachine } from './run-in-machine';

export interface SandboxHostOptions {
  /** Root file system that all machines share, never written to (`scripts/install` makes it). */
  readonly rootFileSystem: string;
  /** Existing empty directory for mount points, private to the cloud. */
  readonly scratch: string;
  /** Environment of user data and commands besides PATH, e.g. `AWS_ENDPOINT_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names for /etc/hosts: name → address. Machines have no name server. */
  readonly hosts?: Readonly<Record<string, string>>;
  /**
   * What machines see of the host.
   * @default Node's own binary at /opt/local/node
   */
  readonly mounts?: readonly ReadOnlyMount[];
  /**
   * The VPC: bridge device that machines plug into, its address, and the network's prefix length.
   * @default the network that `local/namespace` sets up
   */
  readonly network?: {
    readonly device: string;
    readonly gateway: string;
    readonly prefixLength: number;
  };
}

/** A command was sent to a machine that is not running. */
export class MachineNotRunningError extends Error {
  override readonly name = 'MachineNotRunningError';

  constructor(readonly instanceId: string) {
    super(`${instanceId} is not running`);
  }
}

interface Machine {
  readonly spec: MachineSpec;
  readonly process: MachineProcess;
  readonly link: string;
  /** Of its container daemon; of no effect where there is none. */
  readonly controlGroup: string;
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const vpc = { device: 'vpc0', gateway: '10.213.0.1', prefixLength: 16 };

/**
 * Really boots root file systems: each machine has namespaces of its own for processes, mounts,
 * network, host name and IPC, and an overlay over the shared image that lives in memory. All of it
 * belongs to the machine's processes, so that killing them leaves nothing. Needs root, and a
 * bridge device to plug into.
 */
export class SandboxHost implements MachineHost {
  private readonly machines = new Map<string, Machine>();
  /** Layers of each image, the newest first; they lie in the scratch directory and go with it. */
  private readonly images = new Map<string, readonly string[]>();
  /** Their consoles can still be read. */
  private readonly terminated = new Set<string>();
  private readonly listeners: ((instanceId: string) => void)[] = [];
  private readonly network: NonNullable<SandboxHostOptions['network']>;
  private prepared: Promise<void> | undefined;
  private launches = 0;

  /** Absolute: a machine boots in directories of its own. */
  private readonly scratch: string;

  constructor(private readonly options: SandboxHostOptions) {
    this.network = options.network ?? vpc;
    this.scratch = resolve(options.scratch);
  }

  /** @throws MachineBootError when the machine's namespaces cannot be made. */
  async launch(spec: MachineSpec): Promise<void> {
    if (this.machines.has(spec.instanceId)) throw new Error(`${spec.instanceId} exists already`);
    this.launches += 1;
    const link = `machine${this.launches}`;
    this.prepared ??= this.prepare();
    await this.prepared;
    const [console] = await makePipes(this.scratch, 1);
    if (!console) throw new Error('no console for the machine');
    if (spec.disk === 'kept') await mkdir(this.diskOf(spec), { recursive: true });
    const controlGroup = `/machine-${randomUUID()}`;
    const machine = new MachineProcess({
      console,
      environment: { ...this.environment(), ...this.bootEnvironment(spec, link, controlGroup) },
      userData: spec.userData,
    });
    this.machines.set(spec.instanceId, { spec, process: machine, link, controlGroup });
    try {
      await machine.boot();
    } catch (error) {
      this.machines.delete(spec.instanceId);
      throw error;
    }
    void machine.ended.then(() => this.noticeEnd(spec.instanceId));
  }

  async run({ instanceId, script, timeoutSeconds }: CommandRequest): Promise<CommandResult> {
    const pid = this.machines.get(instanceId)?.process.pid;
    if (pid === undefined) throw new MachineNotRunningError(instanceId);
    const [stdout, stderr] = await makePipes(this.scratch, 2);
    if (!stdout || !stderr) throw new Error('no pipes for the command');
    const environment = { ...this.environment(), HOME: '/root' };
    return runInMachine({ pid, script, timeoutSeconds, environment, stdout, stderr });
  }

  async terminate(instanceId: string): Promise<void> {
    const machine = this.machines.get(instanceId);
    if (!machine || this.terminated.has(instanceId)) return;
    this.terminated.add(instanceId);
    await machine.process.kill();
    removeControlGroups(machine.controlGroup);
    // The kernel takes a dead network namespace down in its own time; until then the machine's
    // address would still answer.
    await once(spawn('ip', ['link', 'delete', machine.link], { stdio: 'ignore' }), 'exit');
    await rm(this.diskOf(machine.spec), { recursive: true, force: true });
  }

  /** @throws Error when the machine runs, or its disk was not kept */
  async createImage(instanceId: string, imageId: string): Promise<void> {
    const machine = this.machines.get(instanceId);
    if (machine?.spec.disk !== 'kept' || machine.process.pid !== undefined)
      throw new Error(`${instanceId} has no disk that an image can be made of`);
    const layer = join(this.scratch, 'images', imageId);
    await copyDisk(join(this.diskOf(machine.spec), 'upper'), layer);
    this.images.set(imageId, [layer, ...this.layersOf(machine.spec)]);
  }

  private diskOf({ instanceId }: MachineSpec): string {
    return join(this.scratch, 'disks', instanceId);
  }

  private layersOf({ imageId = '' }: MachineSpec): readonly string[] {
    return this.images.get(imageId) ?? [];
  }

  consoleOutput(instanceId: string): string {
    return this.machines.get(instanceId)?.process.console.toString() ?? '';
  }

  onPowerOff(listener: (instanceId: string) => void): void {
    this.listeners.push(listener);
  }

  private noticeEnd(instanceId: string): void {
    if (this.terminated.has(instanceId)) return;
    for (const listener of this.listeners) listener(instanceId);
  }

  private environment(): Record<string, string> {
    return { PATH: path, LANG: 'C.UTF-8', ...this.options.environment };
  }

  private async prepare(): Promise<void> {
    await mkdir(join(this.scratch, 'machine'), { recursive: true });
    await makeFileLayer(join(this.scratch, 'files'));
  }

  private bootEnvironment(
    spec: MachineSpec,
    link: string,
    controlGroup: string,
  ): Record<string, string> {
    const { options, network } = this;
    const mounts = [
      ...(options.mounts ?? [{ from: process.execPath, to: '/opt/local/node' }]),
      ...(spec.containers?.mounts ?? []),
    ];
    const system = spec.containers?.rootFileSystem ?? options.rootFileSystem;
    return {
      MACHINE_ROOTFS: [...this.layersOf(spec), resolve(system)].join(':'),
      MACHINE_KEPT_DISK: spec.disk === 'kept' ? this.diskOf(spec) : '',
      MACHINE_CONTROL_GROUP: spec.containers === undefined ? '' : controlGroup,
      MACHINE_FILES: join(this.scratch, 'files'),
      MACHINE_MOUNT: join(this.scratch, 'machine'),
      MACHINE_NAME: `ip-${spec.privateIpAddress.replaceAll('.', '-')}`,
      MACHINE_ADDRESS: `${spec.privateIpAddress}/${network.prefixLength}`,
      MACHINE_MAC: macAddress(spec.privateIpAddress),
      MACHINE_GATEWAY: network.gateway,
      MACHINE_SWITCH: network.device,
      MACHINE_LINK: link,
      MACHINE_CLOUD_PID: String(process.pid),
      MACHINE_HOSTS: Object.entries(options.hosts ?? {})
        .map(([name, address]) => `${address} ${name}`)
        .join('\n'),
      MACHINE_BINDS: mounts.map(({ from, to }) => `${from} ${to}`).join('\n'),
    };
  }
}

/** Fixed by the IP address: who talked to an address's former owner need not learn anew. */
function macAddress(ipAddress: string): string {
  const bytes = ipAddress.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return ['02', '00', ...bytes].join(':');
}
