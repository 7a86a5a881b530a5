import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { forwardTcpToSocket } from './forward';
import {
  forwardingVariable,
  readyMark,
  socketPath,
  type Forward,
  type Forwarding,
} from './forwarding';
import { makeSocketDirectory, removeSocketDirectory } from './socket-directory';

const project = resolve(__dirname, '../..');

export interface NamespaceOptions {
  /** TypeScript program to run inside, path from the project's root. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly forwards?: readonly Forward[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Where the program's stdout and stderr go.
   * @default this process's own
   */
  readonly onOutput?: (text: string) => void;
  /**
   * How long the program may take to end by itself once it is told to.
   * @default 15
   */
  readonly patienceSeconds?: number;
}

export interface RunningNamespace {
  /** Ports at 127.0.0.1, by the forwards' names. */
  readonly ports: ReadonlyMap<string, number>;
  /** Resolves when the program and everything that it started is gone. */
  readonly exited: Promise<{ readonly exitCode: number }>;
  /**
   * Asks the program to end (SIGTERM) and kills it when it has no more time; resolves like
   * `exited`.
   */
  stop(): Promise<{ readonly exitCode: number }>;
  /** Ends all at once. */
  kill(): void;
  /** Sends a signal to the program's init, which hands on TERM and WINCH. */
  signal(signal: NodeJS.Signals): void;
}

/** Namespaces and overlay file systems are root's to make. */
export class NeedsRootError extends Error {
  override readonly name = 'NeedsRootError';

  constructor() {
    super('The embedded cloud needs root for its namespaces and overlay file systems: use sudo.');
  }
}

/**
 * Runs a program in private network, mount and process namespaces and makes its ports reachable from
 * outside. However either side ends, the kernel removes every process, mount and device of the other.
 * Resolves when the forwards work, which is before the program listens behind them.
 * @throws NeedsRootError
 */
export async function startInNamespace(options: NamespaceOptions): Promise<RunningNamespace> {
  if (process.getuid?.() !== 0) throw new NeedsRootError();
  const scratch = join(project, '.local/run');
  await mkdir(scratch, { recursive: true });
  const directory = await makeSocketDirectory(join(project, '.local/sock'));
  const { servers, forwarding } = await openForwards(directory, options.forwards ?? []);

  const child = spawnInside(options, {
    ...process.env,
    ...options.env,
    NAMESPACE_SCRATCH: scratch,
    [forwardingVariable]: JSON.stringify(forwarding),
  });
  // unshare does not say that its child was killed.
  let killed = false;
  const kill = (): void => {
    killed = true;
    signalInit(child, 'SIGKILL');
  };
  const exited = new Promise<{ exitCode: number }>((done, fail) => {
    child.once('error', fail);
    // Not `close`: a killed program's pipes close with it, but an inherited stdout never does.
    child.once('exit', (code) => done({ exitCode: killed ? 137 : (code ?? 137) }));
  }).finally(async () => {
    for (const server of servers) server.close();
    await removeSocketDirectory(directory);
  });

  const running: RunningNamespace = {
    ports: new Map(forwarding.forwards.map(({ name, port }) => [name, port])),
    exited,
    kill,
    signal: (signal) => signalInit(child, signal),
    stop: async () => {
      signalInit(child, 'SIGTERM');
      const patience = (options.patienceSeconds ?? 15) * 1000;
      const timer = setTimeout(kill, patience);
      return exited.finally(() => clearTimeout(timer));
    },
  };
  await Promise.race([exited, opened(directory)]);
  return running;
}

/** Runs a program in the foreground: Ctrl-C, SIGTERM and SIGHUP end it, a second one at once. */
export async function runInNamespace(options: NamespaceOptions): Promise<{ exitCode: number }> {
  const starting = startInNamespace(options);
  let asked = false;
  const end = (): void => {
    void starting.then((running) => {
      if (asked) running.kill();
      else void running.stop();
      asked = true;
    });
  };
  const resized = (): void => void starting.then((running) => running.signal('SIGWINCH'));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, end);
  process.on('SIGWINCH', resized);
  try {
    return await (
      await starting
    ).exited;
  } finally {
    for (const signal of signals) process.off(signal, end);
    process.off('SIGWINCH', resized);
  }
}

/** Resolves when the inner ends of the forwards are there, or the directory is not. */
async function opened(directory: string): Promise<void> {
  while (existsSync(directory) && !existsSync(readyMark(directory))) await sleep(20);
}

async function openForwards(
  directory: string,
  forwards: readonly Forward[],
): Promise<{ servers: Server[]; forwarding: Forwarding }> {
  const servers: Server[] = [];
  const open: Forwarding['forwards'] = [];
  for (const { name, port, target } of forwards) {
    const server = await forwardTcpToSocket(port ?? 0, socketPath(directory, name));
    servers.push(server);
    open.push({ name, port: (server.address() as AddressInfo).port, target: { ...target } });
  }
  return { servers, forwarding: { directory, forwards: open } };
}

/**
 * setpriv: unshare dies with this process, even with one that was killed; --kill-child: init dies
 * with unshare, and all namespaces with init. Detached, since a terminal's Ctrl-C is for the
 * launcher only.
 */
function spawnInside(options: NamespaceOptions, env: NodeJS.ProcessEnv): ChildProcess {
  const namespaces = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const program = [options.program, ...(options.args ?? [])];
  const node = [process.execPath, '--import', 'tsx', '--import', join(__dirname, 'preload.ts')];
  const init = join(__dirname, 'inside');
  const { onOutput } = options;
  const output = onOutput ? 'pipe' : 'inherit';
  const child = spawn(
    'setpriv',
    ['--pdeathsig=SIGKILL', 'unshare', ...namespaces, init, ...node, ...program],
    { cwd: project, env, stdio: [onOutput ? 'ignore' : 'inherit', output, output], detached: true },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => onOutput?.(text));
  }
  return child;
}

/**
 * unshare itself takes no signals while it waits; its only child is the init. Killing the init,
 * and not unshare, also means that unshare ends only after everything inside has.
 */
function signalInit(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
    const init = Number.parseInt(children, 10);
    if (init > 0) process.kill(init, signal);
    else child.kill(signal);
  } catch {
    // Ended by itself in this very moment.
  }
}
