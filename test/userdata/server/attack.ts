import { domain } from './server-machine';
import { node, room, type XmlTree, type XmppClients } from './xmpp-clients';

const pubsub = 'http://jabber.org/protocol/pubsub';

/** Towards the statistics of component bridges. */
const onStatistics = (
  type: 'get' | 'set',
  what: string,
  attributes: Readonly<Record<string, string>> = {},
  role = '',
  ...children: readonly XmlTree[]
): XmlTree => [
  'iq',
  { type, to: domain },
  ['pubsub', { xmlns: `${pubsub}${role}` }, [what, { node, ...attributes }, ...children]],
];

const ask = (to: string, xmlns: string): XmlTree => [
  'iq',
  { type: 'get', to },
  ['query', { xmlns }],
];
const disco = 'http://jabber.org/protocol/disco';
const owner = 'http://jabber.org/protocol/muc#owner';

/**
 * Everything that a guest of the anonymous host tries on the bridges' room: to enter it under
 * these nicknames, to show statistics, to read who is there, to list rooms, to become its owner.
 * Returns what succeeded; an empty list is a server that keeps guests out.
 */
export async function successfulAttacks(
  clients: XmppClients,
  nicknames: readonly string[],
  target: string = room,
): Promise<readonly string[]> {
  const host = target.slice(target.indexOf('@') + 1);
  const guest = `guest-${String(Math.random()).slice(2)}`;
  const succeeded: string[] = [];
  const { ok } = await clients.guest(guest);
  if (!ok) throw new Error('no guest can log in: this server is not one of Jitsi Meet');
  for (const nickname of [...nicknames, 'focus', 'guest', 'JVB-0A000000000000001']) {
    await clients.join(guest, nickname, target);
  }
  const questions: readonly (readonly [string, XmlTree])[] = [
    ['list rooms', ask(host, `${disco}#items`)],
    ['list occupants', ask(target, `${disco}#items`)],
    ['read the room', ask(target, `${disco}#info`)],
    ['read a bridge', ask(`${target}/${nicknames[0] ?? 'jvb'}`, `${disco}#info`)],
    ['configure the room', ask(target, owner)],
  ];
  for (const [name, question] of questions) {
    if ((await clients.request(guest, question)).ok) succeeded.push(name);
  }
  // Stanzas are answered in order: by now every attempt to enter has been decided.
  const { occupants = [] } = await clients.observe(guest);
  for (const { nickname } of occupants) succeeded.push(`enter as ${nickname}`);
  return succeeded;
}

/**
 * Everything that a guest of the anonymous host tries on the statistics of component bridges: to
 * read them, to forge a report of this bridge, to take the node over. Returns what succeeded.
 */
export async function successfulAttacksOnStatistics(
  clients: XmppClients,
  bridge: string,
): Promise<readonly string[]> {
  const guest = `guest-${String(Math.random()).slice(2)}`;
  const { ok, jid = '' } = await clients.guest(guest);
  if (!ok) throw new Error('no guest can log in: this server is not one of Jitsi Meet');
  const own = jid.split('/')[0] ?? '';
  const affiliation: XmlTree = ['affiliation', { jid: own, affiliation: 'owner' }];
  const questions: readonly (readonly [string, XmlTree])[] = [
    ['make the node', onStatistics('set', 'create')],
    ['subscribe', onStatistics('set', 'subscribe', { jid })],
    ['subscribe the bare address', onStatistics('set', 'subscribe', { jid: own })],
    ['read reports', onStatistics('get', 'items')],
    ['read who may what', onStatistics('get', 'affiliations', {}, '#owner')],
    ['take the node', onStatistics('set', 'affiliations', {}, '#owner', affiliation)],
    ['read who subscribes', onStatistics('get', 'subscriptions', {}, '#owner')],
    ['configure the node', onStatistics('get', 'configure', {}, '#owner')],
    ['empty the node', onStatistics('set', 'purge', {}, '#owner')],
    ['delete the node', onStatistics('set', 'delete', {}, '#owner')],
    [
      'list reports',
      ['iq', { type: 'get', to: domain }, ['query', { xmlns: `${disco}#items`, node }]],
    ],
  ];
  const succeeded: string[] = [];
  for (const [name, question] of questions) {
    if ((await clients.request(guest, question)).ok) succeeded.push(name);
  }
  for (const id of [own, jid, bridge, undefined]) {
    if ((await clients.publish(guest, id)).ok) succeeded.push(`publish as ${String(id)}`);
  }
  const { itemIds = [] } = await clients.observe(guest);
  return [...succeeded, ...itemIds.map((id) => `hear ${id}`)];
}
