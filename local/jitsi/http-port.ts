import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves with the port; 0 takes a free one. Without a host it is all interfaces, IPv6 or not. */
export function listenOn(server: Server, port: number, host?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Ends its connections, too: a client that keeps one open would be waited for. */
export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
