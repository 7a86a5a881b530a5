import { connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { relative } from 'node:path';

/** A TCP address. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/**
 * Hands every connection to 127.0.0.1:`port` on to a Unix socket; the two ends may be in different
 * network namespaces, since a Unix socket is found by its path. Another port is taken when the
 * wanted one is in use; the server's address tells.
 */
export async function forwardTcpToSocket(port: number, socketPath: string): Promise<Server> {
  const open = (): Socket => connect({ path: shortest(socketPath), allowHalfOpen: true });
  const host = '127.0.0.1';
  try {
    return await listen({ host, port }, open);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listen({ host, port: 0 }, open);
  }
}

/** Hands every connection to a Unix socket on to a TCP address. */
export function forwardSocketToTcp(socketPath: string, target: Target): Promise<Server> {
  return listen({ path: shortest(socketPath) }, () => connect({ ...target, allowHalfOpen: true }));
}

async function listen(address: ListenOptions, open: () => Socket): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => join(near, open()));
  server.listen(address);
  await once(server, 'listening');
  return server;
}

function join(near: Socket, far: Socket): void {
  near.pipe(far);
  far.pipe(near);
  for (const [one, other] of [
    [near, far],
    [far, near],
  ] as const) {
    // One end's failure is the other's: a reset or refused connection is passed on as a close.
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroySoon());
  }
}

/** The kernel takes at most 107 bytes for a socket's path; a clone may lie deep. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
