import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { closeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CapturedText } from './captured-text';
import type { Pipe } from './pipe';

/** EC2 keeps the last 64 KB of a console. */
const consoleLimit = 64 * 1024;

/** What `boot-machine` is told; see its head for the meaning of each. */
export interface BootSettings {
  readonly environment: Readonly<Record<string, string>>;
  readonly userData: string;
  /** The machine's console; its writing end is closed here. */
  readonly console: Pipe;
}

/**
 * A machine that could not boot, e.g. because a mount was refused. The message has what `ip` or
 * `mount` said.
 */
export class MachineBootError extends Error {
  override readonly name = 'MachineBootError';
}

/**
 * The processes of one machine: `unshare` in the cloud's namespaces, below it the machine's init.
 */
export class MachineProcess {
  readonly console = new CapturedText(consoleLimit, 'last');
  /** Resolves when the last process of the machine is gone. */
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly booted: Promise<void>;
  /** Process id of the machine's init as the cloud sees it. */
  private initPid: number | undefined;

  constructor(settings: BootSettings) {
    const isolated = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];
    this.child = spawn('unshare', [...isolated, join(__dirname, 'boot-machine')], {
      env: { ...settings.environment },
      stdio: ['pipe', settings.console.writer, settings.console.writer, 'pipe'],
      // Ctrl-C at the cloud's terminal is for the cloud to handle, not for each machine.
      detached: true,
    });
    closeSync(settings.console.writer);
    this.console.follow(settings.console.reader);
    this.ended = once(this.child, 'exit').then(
      () => undefined,
      () => undefined,
    );
    this.booted = this.followBoot();
    // Whoever awaits boot() hears of a failure; nobody else has to.
    this.booted.catch(() => undefined);
    this.child.stdin?.on('error', () => undefined);
    this.child.stdin?.end(settings.userData);
  }

  /** @throws MachineBootError */
  async boot(): Promise<void> {
    await this.booted;
  }

  /** Process id to enter the machine's namespaces by, or undefined when it is not running. */
  get pid(): number | undefined {
    return this.child.exitCode === null && this.child.signalCode === null
      ? this.initPid
      : undefined;
  }

  /** Ends every process of the machine at once, as if its power had been cut. */
  async kill(): Promise<void> {
    // With its init the whole pid namespace dies, and unshare ends only after that.
    if (this.pid !== undefined) process.kill(this.pid, 'SIGKILL');
    else this.child.kill('SIGKILL');
    await this.ended;
  }

  private async followBoot(): Promise<void> {
    for await (const line of createInterface({ input: this.child.stdio[3] as Readable })) {
      if (line === 'ready') return;
      if (line.startsWith('pid ')) this.initPid = Number(line.slice(4));
    }
    await this.ended;
    throw new MachineBootError(`the machine did not boot: ${this.console.toString().trim()}`);
  }
}
