import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway } from '../gateway';
import { readMetadata } from './metadata';
import { RoleCredentialsSource } from './role-credentials';
import { Tokens } from './tokens';

export interface ImdsOptions {
  /** The one that AWS has is 169.254.169.254. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly gateway: Gateway;
  /** Whose metadata a request gets, by its source address. @default as it is */
  readonly addressOf?: (remoteAddress: string) => string;
}

export interface Imds {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Instance metadata, version 2 (and 1 where an instance allows it). An instance is known by the
 * address it calls from.
 */
export async function startImds(options: ImdsOptions): Promise<Imds> {
  const { gateway, addressOf = (address: string): string => address } = options;
  const { clock, ec2: model, accountId, region, principals, policies, ministackUrl } = gateway;
  const tokens = new Tokens(clock);
  const credentials = new RoleCredentialsSource({
    ministackUrl,
    region,
    accountId,
    clock,
    model,
    principals,
    policies,
  });

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const remote = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    const instance = model.findByAddress(addressOf(remote));
    if (instance === undefined) return { status: 404 };
    const { instanceId, metadataOptions } = instance.spec;
    const path = (request.url ?? '/').split('?')[0]?.split('/').filter(Boolean).map(decode) ?? [];
    if (request.method === 'PUT' && path.join('/') === 'latest/api/token') {
      // Behind a proxy there is no token: that is half of what version 2 is for.
      if (request.headers['x-forwarded-for'] !== undefined) return { status: 403 };
      const ttl = request.headers['x-aws-ec2-metadata-token-ttl-seconds'];
      const issued = tokens.issue(instanceId, typeof ttl === 'string' ? ttl : undefined);
      if (issued === undefined) return { status: 400 };
      const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': String(issued.seconds) };
      return { status: 200, body: issued.token, headers };
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405 };
    const token = request.headers['x-aws-ec2-metadata-token'];
    const allowed =
      typeof token === 'string'
        ? tokens.valid(instanceId, token)
        : metadataOptions.httpTokens === 'optional';
    if (!allowed) return { status: 401 };
    const [version, ...rest] = path;
    if (version !== 'latest') return { status: 404 };
    const place = { accountId, region, now: clock.now().toISOString() };
    const body = await readMetadata(instance, rest, credentials, place);
    return body === undefined ? { status: 404 } : { status: 200, body };
  };

  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => ({ status: 500, body: String(error) }))
      .then(({ status, body = '', headers = {} }) => {
        response.writeHead(status, { 'content-type': 'text/plain', server: 'EC2ws', ...headers });
        response.end(body);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
