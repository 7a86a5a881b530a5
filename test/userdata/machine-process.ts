import { spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What a machine of a test answers to a command. */
export interface RunResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Waits until a machine says that it is ready.
 *
 * @returns process id of its init, by whose namespaces it is entered
 */
export async function initOf(machine: ChildProcessWithoutNullStreams): Promise<number> {
  const [started] = (await once(machine.stdout, 'data')) as [Buffer];
  if (!started.toString().startsWith('ready')) throw new Error(`machine: ${started.toString()}`);
  const pid = String(machine.pid);
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** Runs a command by nsenter, with nothing of this process's environment. */
export function runInside(
  words: readonly string[],
  input: string,
  environment: Readonly<Record<string, string>>,
): RunResult {
  const { status, stdout, stderr } = spawnSync('nsenter', words, {
    input,
    encoding: 'utf8',
    timeout: 1_800_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
  });
  return { exitCode: status, stdout, stderr };
}
