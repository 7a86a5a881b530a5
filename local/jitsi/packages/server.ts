import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/** Where a repository is served. */
export interface RepositoryServer {
  /** `http://<host>:<port>`, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a directory's files over HTTP, read only; port 0 picks a free one. */
export async function serveRepository(options: {
  readonly directory: string;
  readonly host: string;
  readonly port: number;
}): Promise<RepositoryServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405).end();
      return;
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    void send(join(options.directory, normalize(decodePath(pathname))), response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** `normalize` keeps an absolute path inside its root, whatever `..` it has. */
function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '/';
  }
}

async function send(file: string, response: ServerResponse): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-length': found.size,
    'last-modified': found.mtime.toUTCString(),
  });
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}
