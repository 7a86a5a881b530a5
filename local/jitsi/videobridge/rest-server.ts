import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closeServer, listenOn } from '../http-port';

/** What the private REST interface shows and does. */
export interface RestActions {
  health(): { readonly healthy: true } | { readonly healthy: false; readonly reason: string };
  /** Undefined while statistics are off. */
  statistics(): Record<string, unknown> | undefined;
  shutdown(sourceAddress: string): ShutdownOutcome;
}

export type ShutdownOutcome = 'accepted' | 'notAllowed' | 'notConfigured';

const statusOfOutcome: Readonly<Record<ShutdownOutcome, number>> = {
  accepted: 200,
  notAllowed: 401,
  notConfigured: 503,
};

/** v1's private HTTP: `/about/health`, `/colibri/stats`, `/colibri/shutdown`, on all interfaces. */
export class RestServer {
  private readonly server: Server;

  constructor(private readonly actions: RestActions) {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  /**
   * Resolves with the port; 0 takes a free one. Without a host it is all interfaces, IPv6 or not.
   */
  listen(port: number, host?: string): Promise<number> {
    return listenOn(this.server, port, host);
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`;
    const [status, body] = await this.answer(route, request);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  private async answer(route: string, request: IncomingMessage): Promise<[number, unknown]> {
    switch (route) {
      case 'GET /about/health': {
        const health = this.actions.health();
        return health.healthy ? [200, {}] : [500, health];
      }
      case 'GET /colibri/stats': {
        const statistics = this.actions.statistics();
        return statistics === undefined ? [503, {}] : [200, statistics];
      }
      case 'POST /colibri/shutdown':
        return [await this.shutdown(request), {}];
      default:
        return [404, {}];
    }
  }

  private async shutdown(request: IncomingMessage): Promise<number> {
    const body = await readBody(request);
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return 406;
    const wish = gracefulShutdownWish(body);
    if (wish === undefined) return 400;
    // A forced shutdown is answered and not carried out: so do real v1 bridges.
    return wish ? statusOfOutcome[this.actions.shutdown(sourceAddress(request))] : 200;
  }
}

function gracefulShutdownWish(body: string): boolean | undefined {
  try {
    const parsed = JSON.parse(body) as Record<string, unknown> | null;
    const value = parsed?.['graceful-shutdown'];
    return value === undefined ? undefined : value === 'true' || value === true;
  } catch {
    return undefined;
  }
}

/** X-Forwarded-For wins, as in the real one. */
function sourceAddress({ headers, socket }: IncomingMessage): string {
  const forwarded = headers['x-forwarded-for'];
  const address = typeof forwarded === 'string' ? forwarded : (socket.remoteAddress ?? '');
  return address.replace(/^::ffff:/, '');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
