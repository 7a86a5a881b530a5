import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import { closeServer, listenOn } from '../http-port';
import type { Focus, FocusCounts } from './focus';

/** `GET /stats`. */
export interface FocusStats extends Omit<FocusCounts, 'firstConferences'> {
  /** Logged in to Prosody. */
  readonly connected: boolean;
  readonly bridges: readonly {
    readonly jid: string;
    /** As Jicofo sees it, channels of the last 10 s included. */
    readonly stress: number;
    /** As the bridge reports them. */
    readonly participants: number;
    readonly conferences: number;
    /** As the focus placed them. */
    readonly placedParticipants: number;
    /** Takes new conferences. */
    readonly operational: boolean;
    readonly addedAt: string;
  }[];
  /** Of every bridge ever used, gone ones too. */
  readonly firstConferences: readonly { readonly jid: string; readonly at: string }[];
}

const newConference = z.object({
  room: z.string().min(1),
  participants: z.array(z.string()).min(1),
});
const changes = z.object({
  join: z.array(z.string()).default([]),
  leave: z.array(z.string()).default([]),
});

type Answer = readonly [status: number, body: unknown];

/**
 * HTTP control of the stand-in, in place of browsers that open conferences:
 * `POST /conferences` `{"room","participants":[…]}` → `{"bridge"}`, 503 when no bridge takes it;
 * `POST /conferences/ROOM/participants` `{"join":[…],"leave":[…]}` → `{"bridge"}`;
 * `DELETE /conferences/ROOM`; `GET /stats` → {@link FocusStats}.
 */
export class ControlServer {
  private readonly server: Server;

  constructor(
    private readonly focus: Focus,
    private readonly stats: () => FocusStats,
  ) {
    this.server = createServer((request, response) => {
      void this.answerSafely(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  }

  /** Resolves with the port; 0 takes a free one. */
  listen(port: number, host: string): Promise<number> {
    return listenOn(this.server, port, host);
  }

  close(): Promise<void> {
    return closeServer(this.server);
  }

  private async answerSafely(request: IncomingMessage): Promise<Answer> {
    try {
      return await this.answer(request);
    } catch (error) {
      if (error instanceof z.ZodError) return [400, { error: z.prettifyError(error) }];
      if (error instanceof SyntaxError) return [400, { error: error.message }];
      throw error;
    }
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const [, resource = '', encodedRoom, rest] = (request.url ?? '').split('/');
    const room = encodedRoom === undefined ? undefined : decodeURIComponent(encodedRoom);
    const route = [request.method ?? '', resource, room && 'ROOM', rest].filter(Boolean).join(' ');
    switch (route) {
      case 'GET stats':
        return [200, this.stats()];
      case 'POST conferences': {
        const wanted = newConference.parse(await readJson(request));
        return joined(await this.focus.join(wanted.room, wanted.participants));
      }
      case 'POST conferences ROOM participants': {
        const { join, leave } = changes.parse(await readJson(request));
        if (leave.length > 0) await this.focus.leave(room ?? '', leave);
        if (join.length === 0) return [200, {}];
        return joined(await this.focus.join(room ?? '', join));
      }
      case 'DELETE conferences ROOM':
        await this.focus.end(room ?? '');
        return [200, {}];
      default:
        return [404, { error: `no ${route}` }];
    }
  }
}

function joined(bridge: string | undefined): Answer {
  return bridge === undefined ? [503, { error: 'no bridge' }] : [200, { bridge }];
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown;
}
