import { parseHocon } from '../../../../local/jitsi/hocon';
import {
  bridgeSettings,
  type BridgeSettings,
} from '../../../../local/jitsi/videobridge2/bridge-settings';
import { Videobridge2 } from '../../../../local/jitsi/videobridge2/videobridge2';
import { domain, type ProsodyServer } from '../prosody-server';

export const brewery = `jvbbrewery@internal.auth.${domain}`;

/**
 * `jvb.conf` of a bridge with an account of its own, quick enough for a test; `more` stands at its
 * end.
 */
export function conf(server: { readonly clientPort: number }, name: string, more = ''): string {
  return `
videobridge {
  apis {
    xmpp-client {
      presence-interval = 250 milliseconds
      configs.shard {
        HOSTNAME = "127.0.0.1"
        PORT = ${server.clientPort}
        DOMAIN = "auth.${domain}"
        USERNAME = "${name}"
        PASSWORD = "${name}-password"
        MUC_JIDS = "JvbBrewery@internal.auth.${domain}"
        MUC_NICKNAME = "${name}"
      }
    }
    rest.enabled = true
  }
  rest.shutdown.enabled = true
  http-servers.private { host = "127.0.0.1", port = 0 }
  shutdown.shutting-down-delay = 500 milliseconds
}
ice4j.harvest.mapping {
  aws.enabled = false
  static-mappings = [{ local-address = "10.213.1.5", public-address = "203.0.113.5" }]
}
${more}`;
}

export interface BridgeUnderTest {
  readonly bridge: Videobridge2;
  readonly settings: BridgeSettings;
  hasExited(): boolean;
  logged(): readonly string[];
  request(method: string, path: string, body?: unknown): Promise<Response>;
}

export function bridgeUnderTest(
  server: ProsodyServer,
  name: string,
  more = '',
  trusted: string = server.authCertificate,
): BridgeUnderTest {
  const lines: string[] = [];
  const settings = bridgeSettings(parseHocon(conf(server, name, more)));
  let exited = false;
  const bridge = new Videobridge2({
    settings,
    trust: () => ({ kind: 'pinned', pem: trusted }),
    log: (line) => lines.push(line),
    exited: () => {
      exited = true;
      void bridge.stop();
    },
    loadSampleSeconds: 0.5,
  });
  return {
    bridge,
    settings,
    hasExited: () => exited,
    logged: () => lines,
    request: (method, path, body) =>
      fetch(`http://127.0.0.1:${bridge.restPort ?? 0}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
  };
}
