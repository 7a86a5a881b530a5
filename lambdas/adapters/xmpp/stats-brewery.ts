import { setTimeout as pause } from 'node:timers/promises';
import { xml } from '@xmpp/client-core';
import type { Element } from '@xmpp/xml';
import { collectorUser } from '../../core/protocol/xmpp-names';
import { hear, type StatsSource } from './stats-source';
import { breweryPresenceOf, occupantOf } from './stats-stanzas';
import { withXmppSession, type XmppSession } from './connection';

/** The brewery cannot be entered: there is no such room for the whole window, or we are refused. */
export class BreweryClosedError extends Error {
  override readonly name = 'BreweryClosedError';
}

const mucNamespace = 'http://jabber.org/protocol/muc';
const infoNamespace = 'http://jabber.org/protocol/disco#info';
const answerMs = 3_000;
const retryMs = 500;
const leaveMs = 1_000;

/**
 * Stats of `muc` bridges: enters the room in which they and Jicofo are, hears their presences and
 * leaves. A room that is not there is not made: an empty one would say that all bridges are
 * silent, when it is Jicofo that is away or the room's name that is wrong.
 *
 * The room first repeats the last presence of everybody in it, up to our own (XEP-0045 §7.2.2):
 * those are told apart, as they prove no life. The window is counted from there.
 *
 * @throws BreweryClosedError, and what a {@link StatsSource} throws
 */
export function statsOfBrewery(room: string): StatsSource {
  return (account, listening) =>
    withXmppSession(account, async (session) => {
      const { client } = session;
      const windowMs = listening.windowSeconds * 1000;
      await roomIsThere(session, room, Date.now() + windowMs - listening.minimumSeconds * 1000);
      let moment: 'atJoin' | 'live' = 'atJoin';
      const onStanza = (stanza: Element) => {
        const presence = breweryPresenceOf(stanza, room, moment);
        if (presence !== undefined) listening.onHeard(presence);
        else if (occupantOf(stanza, room)?.isSelf === true) moment = 'live';
      };
      client.on('stanza', onStanza);
      const nickname = await enter(session, room);
      try {
        const start = Date.now();
        await Promise.race([hear(listening, start, start + windowMs), session.broken]);
      } finally {
        client.off('stanza', onStanza);
        await leave(session, `${room}/${nickname}`);
      }
    });
}

/** Waits for the room: just after a restart of the server nobody may be back yet. */
async function roomIsThere(session: XmppSession, room: string, end: number): Promise<void> {
  const query = () => xml('iq', { type: 'get', to: room }, xml('query', { xmlns: infoNamespace }));
  for (;;) {
    try {
      await Promise.race([session.iq.request(query(), answerMs), session.broken]);
      return;
    } catch (error) {
      const condition = (error as { condition?: string }).condition;
      if (condition === undefined) throw error;
      // A room that refuses to describe itself may be entered all the same.
      if (condition !== 'item-not-found') return;
      if (Date.now() + retryMs >= end)
        throw new BreweryClosedError(
          `there is no room ${room}: neither Jicofo nor a bridge is in it; is it the one that Jicofo reads?`,
        );
    }
    await Promise.race([pause(retryMs), session.broken]);
  }
}

/**
 * Enters, as `bridges-collector` or, where somebody has that nickname, with one that nobody can know.
 * @returns the nickname
 */
async function enter(session: XmppSession, room: string): Promise<string> {
  const nicknames = [
    collectorUser,
    `${collectorUser}-${session.jid.split('/').slice(1).join('/')}`,
  ];
  for (const nickname of nicknames) {
    const answer = await sendPresence(session, `${room}/${nickname}`, 'entered');
    if (answer === 'entered') return nickname;
    if (answer !== 'conflict')
      throw new BreweryClosedError(`${room} answers ${answer} to our entering`);
  }
  throw new BreweryClosedError(`${room} takes none of our nicknames`);
}

/** Best effort: the server does it anyway when the session ends. */
async function leave(session: XmppSession, address: string): Promise<void> {
  if (session.client.status === 'online')
    await sendPresence(session, address, 'left').catch(() => undefined);
}

/**
 * Sends our presence to a room and waits for what the room says to it: done, or the condition of
 * an error.
 */
async function sendPresence(
  { client, broken }: XmppSession,
  address: string,
  what: 'entered' | 'left',
): Promise<string> {
  const [room = ''] = address.split('/');
  const type = what === 'left' ? 'unavailable' : undefined;
  const deadline = new AbortController();
  let answered: (answer: string) => void = () => undefined;
  const onStanza = (stanza: Element) => {
    const occupant = occupantOf(stanza, room);
    if (occupant === undefined) return;
    if (stanza.attrs['type'] === 'error') answered(conditionOf(stanza));
    else if (occupant.isSelf && stanza.attrs['type'] === type)
      answered(occupant.isNewRoom ? 'item-not-found' : what);
  };
  client.on('stanza', onStanza);
  try {
    const answer = new Promise<string>((resolve) => (answered = resolve));
    const history = xml('x', { xmlns: mucNamespace }, xml('history', { maxstanzas: '0' }));
    const presence = { to: address, ...(type === undefined ? {} : { type }) };
    await client.send(xml('presence', presence, ...(what === 'entered' ? [history] : [])));
    const late = pause(what === 'left' ? leaveMs : answerMs, 'no answer', {
      signal: deadline.signal,
    });
    late.catch(() => undefined);
    return await Promise.race([answer, late, broken]);
  } finally {
    deadline.abort();
    client.off('stanza', onStanza);
  }
}

/** Name of the condition in an error stanza (RFC 6120 §8.3). */
function conditionOf(stanza: Element): string {
  const conditions = [
    'conflict',
    'forbidden',
    'registration-required',
    'not-allowed',
    'item-not-found',
  ];
  const error = stanza.getChild('error');
  return conditions.find((name) => error?.getChild(name) !== undefined) ?? 'an error';
}
