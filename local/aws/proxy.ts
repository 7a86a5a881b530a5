import { Agent, request as httpRequest } from 'node:http';
import type { RawRequest } from './protocol/request';
import type { RawResponse } from './protocol/response';

/** Passes calls on to the emulator as they are, host and signature included. */
export class Proxy {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  constructor(private readonly target: URL) {}

  /**
   * Rejects when the emulator cannot be reached; takes as long as the call does (Lambda
   * invocations).
   */
  send({ method, url, headers, body }: RawRequest): Promise<RawResponse> {
    const kept = withoutHopHeaders(headers);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        {
          host: this.target.hostname,
          port: this.target.port,
          method,
          path: url,
          headers: { ...kept, 'content-length': body.length },
          agent: this.agent,
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const received = Buffer.concat(chunks);
            resolve({
              status: incoming.statusCode ?? 502,
              headers: withoutHopHeaders(incoming.headers),
              body: received,
            });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

/** Without those that belong to one connection only. */
function withoutHopHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const own = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || own.has(name) ? [] : [[name, value]],
    ),
  );
}
