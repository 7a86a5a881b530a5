/** XML namespaces that the stand-ins speak. */
export const namespaces = {
  bind: 'urn:ietf:params:xml:ns:xmpp-bind',
  client: 'jabber:client',
  colibri: 'http://jitsi.org/protocol/colibri',
  component: 'jabber:component:accept',
  dataForm: 'jabber:x:data',
  discoInfo: 'http://jabber.org/protocol/disco#info',
  healthcheck: 'http://jitsi.org/protocol/healthcheck',
  ping: 'urn:xmpp:ping',
  pubsub: 'http://jabber.org/protocol/pubsub',
  pubsubEvent: 'http://jabber.org/protocol/pubsub#event',
  sasl: 'urn:ietf:params:xml:ns:xmpp-sasl',
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  starttls: 'urn:ietf:params:xml:ns:xmpp-tls',
  streams: 'http://etherx.jabber.org/streams',
  version: 'jabber:iq:version',
} as const;
