import { component, xml } from '@xmpp/component';
import { statsNode } from '../../../lambdas/core/protocol/xmpp-names';
import { bridgeTime, capturedStats, changed } from '../core/stanzas';
import { domain } from './prosody';

const pubsubNamespace = 'http://jabber.org/protocol/pubsub';

export interface FakeBridge {
  stop(): Promise<void>;
}

/**
 * Publishes a real bridge's captured stats as jitsi-videobridge v1 does: create, then every
 * interval.
 */
export async function startFakeBridge(options: {
  readonly port: number;
  readonly jid: string;
  readonly secret: string;
  readonly values: Readonly<Record<string, string>>;
  readonly intervalMs?: number;
}): Promise<FakeBridge> {
  const bridge = component({
    service: `xmpp://127.0.0.1:${options.port}`,
    domain: options.jid,
    password: options.secret,
  });
  bridge.on('error', () => undefined);
  await bridge.start();
  const ask = (child: ReturnType<typeof xml>) =>
    bridge.iqCaller.request(
      xml('iq', { type: 'set', to: domain }, xml('pubsub', { xmlns: pubsubNamespace }, child)),
    );
  await ask(xml('create', { node: statsNode })).catch(() => undefined);
  const publish = () => {
    const stats = changed(capturedStats('component-event'), {
      current_timestamp: bridgeTime(Date.now()),
      ...options.values,
    });
    const list = stats.map(([name, value]) => xml('stat', { name, value }));
    const item = xml(
      'item',
      { id: options.jid },
      xml('stats', { xmlns: 'http://jitsi.org/protocol/colibri' }, ...list),
    );
    ask(xml('publish', { node: statsNode }, item)).catch(() => undefined);
  };
  publish();
  const timer = setInterval(publish, options.intervalMs ?? 300);
  return {
    stop: async () => {
      clearInterval(timer);
      bridge.reconnect.stop();
      await bridge.stop();
    },
  };
}
