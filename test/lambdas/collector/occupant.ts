import { xml } from '@xmpp/client-core';
import type { Element } from '@xmpp/xml';
import { withXmppSession } from '../../../lambdas/adapters/xmpp/connection';
import { authHost, breweryRoom } from '../../../lambdas/core/protocol/xmpp-names';
import { bridgeTime, capturedStats, changed } from '../core/stanzas';
import { domain } from './prosody';

export interface Occupant {
  /** Presences of others that the room has passed on: nickname, and type where there is one. */
  readonly seen: () => readonly string[];
  /** Leaves by closing its connection. */
  stop(): Promise<void>;
}

export interface OccupantOptions {
  readonly port: number;
  readonly fingerprint: string;
  /** Local part on `auth.<domain>`. */
  readonly account: string;
  readonly password: string;
  readonly nickname: string;
  /** Changes to a real bridge's captured stats; without it there are none. */
  readonly values?: Readonly<Record<string, string>>;
  /** @default 300; 'once' for one that freezes after its first word */
  readonly every?: number | 'once';
  /** Put into each presence beside the stats. */
  readonly extra?: readonly Element[];
}

/** Enters the brewery as a bridge, or whoever else, does, and speaks every interval. */
export async function startOccupant(options: OccupantOptions): Promise<Occupant> {
  const { port, fingerprint, account: username, password, nickname } = options;
  const seen: string[] = [];
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  let enter: () => void = () => undefined;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  const life = withXmppSession(
    { host: '127.0.0.1', port, domain: authHost(domain), username, password, fingerprint },
    async ({ client }) => {
      const refused = new Promise<never>((_, reject) => {
        client.on('stanza', ({ name, attrs: { from = '', type } }: Element) => {
          const who = from.split('/').slice(1).join('/');
          if (name !== 'presence') return;
          if (type === 'error') reject(new Error(`${nickname} is refused`));
          else if (who === nickname) enter();
          else seen.push(type === undefined ? who : `${who} ${type}`);
        });
      });
      const speak = () => client.send(presenceOf(options));
      await speak();
      const isOnce = options.every === 'once';
      const timer = setInterval(
        () => void (isOnce ? undefined : speak().catch(() => undefined)),
        isOnce ? 60_000 : (options.every ?? 300),
      );
      await Promise.race([left, refused]).finally(() => clearInterval(timer));
    },
  );
  await Promise.race([entered, life]);
  return {
    seen: () => seen,
    stop: async () => {
      leave();
      await life;
    },
  };
}

function presenceOf({ nickname, values, extra = [] }: OccupantOptions): Element {
  const current_timestamp = bridgeTime(Date.now());
  const stats = changed(capturedStats('muc-presence'), { current_timestamp, ...values });
  const list = stats.map(([name, value]) => xml('stat', { name, value }));
  return xml(
    'presence',
    { to: `${breweryRoom(domain)}/${nickname}` },
    xml('x', { xmlns: 'http://jabber.org/protocol/muc' }),
    ...(values === undefined
      ? []
      : [xml('stats', { xmlns: 'http://jitsi.org/protocol/colibri' }, ...list)]),
    ...extra,
  );
}
