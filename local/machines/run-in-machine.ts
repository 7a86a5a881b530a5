import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CapturedText } from './captured-text';
import type { CommandResult } from './machine-host';
import type { Pipe } from './pipe';

/** Per stream; the rest is read and dropped. */
const outputLimit = 1024 * 1024;

/** Exit code of a command whose time was up, as timeout(1) has it. */
const timedOut = 124;

/** Exit code of a command that ended with its machine: a shell's for SIGKILL. */
const killed = 137;

/** How long output is waited for that a process left behind by the script may still hold open. */
const lingerMilliseconds = 200;

export interface MachineCommand {
  /** Process whose namespaces are entered, all of them. */
  readonly pid: number;
  readonly script: string;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Their writing ends are closed here. */
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

/**
 * Runs a script by bash in a machine, in a process group of its own that is killed when the time is
 * up. Services that the script started live on, as they would on an instance.
 */
export async function runInMachine(command: MachineCommand): Promise<CommandResult> {
  // A file and not stdin: a script may read its stdin. /proc/PID/root is the machine's file system.
  const folder = '/run/commands';
  const file = `${folder}/${randomUUID()}`;
  const outside = (path: string): string => join(`/proc/${command.pid}/root`, path);
  await mkdir(outside(folder), { recursive: true, mode: 0o700 });
  await writeFile(outside(file), command.script, { mode: 0o600 });
  try {
    return await enter(command, file);
  } finally {
    await rm(outside(file), { force: true }).catch(() => undefined);
  }
}

async function enter(command: MachineCommand, file: string): Promise<CommandResult> {
  const { stdout, stderr, timeoutSeconds } = command;
  const namespaces = ['--net', '--mount', '--pid', '--uts', '--ipc', '--root', '--wd'];
  const child = spawn('nsenter', [`--target=${command.pid}`, ...namespaces, 'bash', file], {
    env: { ...command.environment },
    stdio: ['ignore', stdout.writer, stderr.writer],
    detached: true,
  });
  const texts = [stdout, stderr].map(({ reader, writer }) => {
    closeSync(writer);
    return new CapturedText(outputLimit, 'first').follow(reader);
  });
  const closed = Promise.all([stdout, stderr].map(({ reader }) => once(reader, 'close')));

  const exitCode = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => {
      resolve(timedOut);
      if (child.pid !== undefined) killGroup(child.pid);
    }, timeoutSeconds * 1000);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? killed);
    });
  });
  await Promise.race([closed, sleep(lingerMilliseconds, undefined, { ref: false })]);
  stdout.reader.destroy();
  stderr.reader.destroy();
  const [out = '', err = ''] = texts.map(String);
  return { exitCode, stdout: out, stderr: err };
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Gone by itself in this very moment.
  }
}
