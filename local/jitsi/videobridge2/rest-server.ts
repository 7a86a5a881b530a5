import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closeServer, listenOn } from '../http-port';

import type { BridgeSettings } from './bridge-settings';

/** What the private REST interface shows and does. */
export interface RestActions {
  health(): { readonly healthy: true } | { readonly healthy: false; readonly reason: string };
  statistics(): Record<string, unknown>;
  isDraining(): boolean;
  setDrain(drain: 'enabled' | 'disabled'): void;
  shutDown(kind: 'graceful' | 'forced'): void;
}

type Answer = readonly [status: number, body?: unknown];

/** Private HTTP of build 2.3-312: what is not enabled does not exist there. */
export class RestServer {
  private readonly server: Server;

  constructor(
    private readonly enabled: BridgeSettings['rest'],
    private readonly actions: RestActions,
  ) {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  /** Resolves with the port; 0 takes a free one. */
  listen(port: number, host: string): Promise<number> {
    return listenOn(this.server, port, host);
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await this.answer(request);
    const text = body === undefined ? '' : JSON.stringify(body);
    response.writeHead(status, body === undefined ? {} : { 'content-type': 'application/json' });
    response.end(text);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { enabled, actions } = this;
    const route = `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}`;
    if (route === 'GET /about/health' && enabled.health) {
      const health = actions.health();
      return health.healthy ? [200] : [500, health];
    }
    if (route === 'GET /colibri/stats' && enabled.statistics) return [200, actions.statistics()];
    if (route === 'POST /colibri/shutdown' && enabled.shutdown) {
      return [await this.shutDown(request)];
    }
    if (route.includes(' /colibri/drain') && enabled.drain) return this.drain(route);
    return [404];
  }

  private drain(route: string): Answer {
    switch (route) {
      case 'GET /colibri/drain':
        return [200, { drain: this.actions.isDraining() }];
      case 'POST /colibri/drain/enable':
        this.actions.setDrain('enabled');
        return [200];
      case 'POST /colibri/drain/disable':
        this.actions.setDrain('disabled');
        return [200];
      case 'GET /colibri/drain/enable':
      case 'GET /colibri/drain/disable':
        return [405];
      default:
        return [404];
    }
  }

  private async shutDown(request: IncomingMessage): Promise<number> {
    const body = await readBody(request);
    if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return 415;
    const isGraceful = gracefulShutdownWish(body);
    if (isGraceful === undefined) return 400;
    this.actions.shutDown(isGraceful ? 'graceful' : 'forced');
    return 200;
  }
}

/** Booleans as text are taken too, as Jackson does. */
function gracefulShutdownWish(body: string): boolean | undefined {
  try {
    const parsed = JSON.parse(body) as Record<string, unknown> | null;
    const value = String(parsed?.['graceful-shutdown']);
    return value === 'true' || value === 'false' ? value === 'true' : undefined;
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
