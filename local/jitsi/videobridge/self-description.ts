import xml, { type Element } from '@xmpp/xml';
import { namespaces } from '../xmpp/namespaces';

/** What the component says of itself (XmppCommon.java of build 1126). */
const bridgeFeatures = [
  namespaces.colibri,
  namespaces.healthcheck,
  'urn:xmpp:jingle:apps:dtls:0',
  'urn:xmpp:jingle:transports:ice-udp:1',
  'urn:xmpp:jingle:transports:raw-udp:1',
  namespaces.version,
] as const;

/** Payload of a disco#info answer. */
export function discoInfo(): Element {
  const identity = { category: 'component', type: 'conference', name: 'JitsiVideobridge' };
  return xml(
    'query',
    { xmlns: namespaces.discoInfo },
    xml('identity', identity),
    ...bridgeFeatures.map((feature) => xml('feature', { var: feature })),
  );
}

/** Payload of a jabber:iq:version answer. */
export function softwareVersion(): Element {
  return xml(
    'query',
    { xmlns: namespaces.version },
    xml('name', {}, 'JVB'),
    xml('version', {}, '0.1.1126'),
    xml('os', {}, 'Linux'),
  );
}
