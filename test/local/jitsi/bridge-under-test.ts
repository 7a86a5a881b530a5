import { bridgeSettings } from '../../../local/jitsi/videobridge/bridge-settings';
import { Videobridge } from '../../../local/jitsi/videobridge/videobridge';
import { domain } from './prosody-server';

export const properties: ReadonlyMap<string, string> = new Map([
  ['org.jitsi.videobridge.ENABLE_STATISTICS', 'true'],
  ['org.jitsi.videobridge.STATISTICS_TRANSPORT', 'pubsub'],
  ['org.jitsi.videobridge.PUBSUB_SERVICE', domain],
  ['org.jitsi.videobridge.PUBSUB_NODE', 'sharedStatsNode'],
  ['org.jitsi.videobridge.STATISTICS_INTERVAL', '250'],
  ['org.jitsi.videobridge.ENABLE_REST_SHUTDOWN', 'true'],
  ['org.jitsi.videobridge.AUTHORIZED_SOURCE_REGEXP', `focus@auth.${domain}/.*`],
  ['org.jitsi.videobridge.shutdown.ALLOWED_SOURCE_REGEXP', '127\\.0\\.0\\.1'],
]);

/** A bridge as `jvb.sh` would start it, on the given component port, with free ports for REST. */
export function bridgeUnderTest(
  port: number,
  subdomain: string,
  overrides: readonly (readonly [string, string])[] = [],
): Videobridge {
  return new Videobridge({
    launch: {
      host: '127.0.0.1',
      port,
      domain,
      subdomain,
      secret: `${subdomain}-secret`,
      apis: ['rest', 'xmpp'],
    },
    settings: bridgeSettings(new Map([...properties, ...overrides])),
    retrySeconds: 0.5,
    rest: { port: 0, host: '127.0.0.1' },
  });
}
