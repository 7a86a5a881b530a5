/** XML namespaces that the stand-ins speak, beside those that xmpp.js brings. */
export const namespaces = {
  colibri: 'http://jitsi.org/protocol/colibri',
  colibri2: 'jitsi:colibri2',
  dataForm: 'jabber:x:data',
  discoInfo: 'http://jabber.org/protocol/disco#info',
  healthcheck: 'http://jitsi.org/protocol/healthcheck',
  muc: 'http://jabber.org/protocol/muc',
  mucUser: 'http://jabber.org/protocol/muc#user',
  ping: 'urn:xmpp:ping',
  pubsub: 'http://jabber.org/protocol/pubsub',
  pubsubEvent: 'http://jabber.org/protocol/pubsub#event',
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  version: 'jabber:iq:version',
} as const;
