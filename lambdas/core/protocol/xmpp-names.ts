/** Name of the bridge on an instance: `i-0abc…` → `jvb-0abc…`. Total and reversible. */
export function bridgeName(instanceId: string): string {
  return instanceId.replace(/^i-/, 'jvb-');
}

/** Instance id of a bridge's name, or undefined when the name is not one of ours. */
export function instanceIdOfBridge(name: string): string | undefined {
  const hex = /^jvb-([0-9a-f]{8,17})$/.exec(name)?.[1];
  return hex === undefined ? undefined : `i-${hex}`;
}

/** XMPP address of a bridge that is an XEP-0114 component: `jvb-0abc….<domain>`. */
export function componentJid(instanceId: string, domain: string): string {
  return `${bridgeName(instanceId)}.${domain}`;
}

/** XMPP account of a bridge that logs in as a client: `jvb-0abc…@<host of the accounts>`. */
export function bridgeAccount(instanceId: string, accountsHost: string): string {
  return `${bridgeName(instanceId)}@${accountsHost}`;
}

/** What the server's XMPP is called where bridges are clients, generation `muc`. */
export interface ServerNames {
  /** XMPP host of the accounts of bridges and collector, which their certificate is for. */
  readonly authHost: string;
  /** Room that bridges report in and Jicofo reads. */
  readonly brewery: string;
}

/**
 * Room in which bridges with accounts report by presence, as Jitsi's packages have it. Prosody
 * lower-cases it on the wire, so addresses of it are compared without regard to case.
 */
export function breweryRoom(domain: string): string {
  return `JvbBrewery@internal.${authHost(domain)}`;
}

/** XMPP host of the accounts: `auth.<domain>`, as Jitsi's packages name it. */
export function authHost(domain: string): string {
  return `auth.${domain}`;
}

/** Local part of the collector's XMPP account on {@link authHost}. */
export const collectorUser = 'bridges-collector';

/** PubSub node that v1 bridges publish to and Jicofo reads. */
export const statsNode = 'sharedStatsNode';
