import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** A pipe of the kernel's. */
export interface Pipe {
  readonly reader: Socket;
  /** File descriptor, to be handed to a child process and then closed. */
  readonly writer: number;
}

/**
 * Node gives its children Unix sockets where they expect pipes, and a socket cannot be opened by name:
 * `echo oops >/dev/stderr` would fail in a script. These are real ones.
 * @param directory where they may have a name for a moment
 */
export async function makePipes(directory: string, count: number): Promise<Pipe[]> {
  const names = Array.from({ length: count }, () => join(directory, `pipe-${randomUUID()}`));
  const [code] = (await once(
    spawn('mkfifo', ['-m', '600', ...names], { stdio: 'ignore' }),
    'exit',
  )) as [number | null];
  if (code !== 0) throw new Error(`mkfifo could not make pipes in ${directory}`);
  return names.map(openPipe);
}

function openPipe(name: string): Pipe {
  // In this order neither open waits for the other end.
  const reading = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(name, constants.O_WRONLY);
  rmSync(name);
  return { reader: new Socket({ fd: reading, readable: true, writable: false }), writer };
}
