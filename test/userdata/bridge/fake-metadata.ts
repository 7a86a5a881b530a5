import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** IMDSv2 for bridges: what a request may read is decided by the address it comes from. */
export class FakeMetadata {
  /** Values by instance address and path below `latest/meta-data`; anything else is 404. */
  readonly values = new Map<string, Map<string, string>>();
  /** Paths asked for without a token; real instances refuse these. */
  readonly refused: string[] = [];
  private readonly tokens = new Set<string>();

  serve(): Server {
    return createServer((request, response) => {
      const { status, body } = this.answer(request);
      response.writeHead(status).end(body);
    });
  }

  private answer(request: IncomingMessage): { status: number; body: string } {
    const path = request.url ?? '';
    if (request.method === 'PUT' && path === '/latest/api/token') {
      if (request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined) {
        return { status: 400, body: '' };
      }
      const token = randomUUID();
      this.tokens.add(token);
      return { status: 200, body: token };
    }
    if (!this.tokens.has(String(request.headers['x-aws-ec2-metadata-token']))) {
      this.refused.push(path);
      return { status: 401, body: '' };
    }
    const address = request.socket.remoteAddress ?? '';
    const value = this.values.get(address)?.get(path.replace('/latest/meta-data/', ''));
    return value === undefined ? { status: 404, body: 'Not Found' } : { status: 200, body: value };
  }
}
