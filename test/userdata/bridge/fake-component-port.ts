import { createHash } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';

/** A component that knocked. */
export interface Knock {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly jid: string;
  readonly accepted: boolean;
}

const streamId = 'a1b2c3d4';

/** Prosody's component port (XEP-0114) as far as a handshake: right secret in, wrong one out. */
export class FakeComponentPort {
  readonly knocks: Knock[] = [];

  constructor(private readonly secretOf: (jid: string) => string | undefined) {}

  serve(): Server {
    return createServer((socket) => this.greet(socket));
  }

  private greet(socket: Socket): void {
    let received = '';
    let jid = '';
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      received += data.toString();
      const to = /<stream:stream[^>]* to=["']([^"']+)["']/.exec(received)?.[1];
      if (jid === '' && to !== undefined) {
        jid = to;
        socket.write(
          `<?xml version="1.0"?><stream:stream xmlns="jabber:component:accept" xmlns:stream="http://etherx.jabber.org/streams" from="${jid}" id="${streamId}">`,
        );
      }
      const handshake = /<handshake[^>]*>([0-9a-f]+)<\/handshake>/.exec(received)?.[1];
      if (handshake === undefined) return;
      received = '';
      this.decide(socket, jid, handshake);
    });
  }

  private decide(socket: Socket, jid: string, handshake: string): void {
    const secret = this.secretOf(jid);
    const wanted = createHash('sha1')
      .update(`${streamId}${secret ?? ''}`)
      .digest('hex');
    const accepted = secret !== undefined && handshake === wanted;
    this.knocks.push({ at: Date.now(), jid, accepted });
    if (accepted) {
      socket.write('<handshake/>');
    } else {
      socket.end(
        '<stream:error><not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-streams"/></stream:error></stream:stream>',
      );
    }
  }
}
