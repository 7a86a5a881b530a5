import { createInterface } from 'node:readline';
import { component } from '@xmpp/component';
import { client, type Session } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';

import type { BridgeState, DriverCommand, DriverReply, Occupant, XmlTree } from './xmpp-clients';

/**
 * Real XMPP sessions inside the network of a test's machine: runs there as a process of its own,
 * takes one JSON command a line and answers each with one line, in order.
 */

interface Held {
  readonly session: Session;
  readonly itemIds: string[];
  readonly occupants: Map<string, Occupant>;
  disconnects: number;
  messages: number;
}

const pubsub = 'http://jabber.org/protocol/pubsub';
const muc = 'http://jabber.org/protocol/muc';

const held = new Map<string, Held>();

// An answer that is here before the question's last byte has left rejects a promise that nobody
// awaits yet; it is awaited a moment later.
process.on('unhandledRejection', () => undefined);

function element([name, attributes, ...children]: XmlTree): Element {
  return xml(name, attributes, ...children.map(element));
}

function condition(error: unknown): string {
  const found = (error as { condition?: unknown }).condition;
  return typeof found === 'string' ? found : String(error);
}

async function hold(name: string, session: Session): Promise<DriverReply> {
  const entry: Held = {
    session,
    itemIds: [],
    occupants: new Map(),
    disconnects: 0,
    messages: 0,
  };
  session.reconnect.stop();
  (session as { timeout?: number }).timeout = 30_000; // ms for each step of a login: machines may be slow
  session.on('error', () => undefined); // told by start() and by the count of disconnects
  session.on('disconnect', () => (entry.disconnects += 1));
  session.on('stanza', (stanza: Element) => {
    if (stanza.is('presence')) noteOccupant(entry.occupants, stanza);
    if (stanza.getChild('body') !== undefined) entry.messages += 1;
    const items = stanza
      .getChild('event', 'http://jabber.org/protocol/pubsub#event')
      ?.getChild('items');
    for (const item of items?.getChildren('item') ?? []) entry.itemIds.push(item.attrs['id'] ?? '');
  });
  try {
    const jid = String(await withinTime(session.start()));
    held.set(name, entry);
    return { ok: true, jid };
  } catch (error) {
    await session.stop().catch(() => undefined);
    return { ok: false, condition: condition(error) };
  }
}

/** A server that takes a connection and says nothing would be waited for without end. */
function withinTime<T>(started: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in 60 s')), 60_000);
    started.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function noteOccupant(occupants: Map<string, Occupant>, presence: Element): void {
  const nickname = presence.attrs['from']?.split('/')[1];
  const item = presence.getChild('x', `${muc}#user`)?.getChild('item');
  if (nickname === undefined || item === undefined) return;
  if (presence.attrs['type'] === 'unavailable') occupants.delete(nickname);
  else occupants.set(nickname, { nickname, jid: item.attrs['jid'] ?? '' });
}

async function join(name: string, room: string, nickname: string): Promise<DriverReply> {
  const entry = held.get(name);
  if (entry === undefined) return { ok: false, condition: 'no such session' };
  await entry.session.send(enter(room, nickname));
  return { ok: true };
}

function enter(room: string, nickname: string): Element {
  const stats = xml('stats', { xmlns: 'http://jitsi.org/protocol/colibri' });
  return xml('presence', { to: `${room}/${nickname}` }, xml('x', { xmlns: muc }), stats);
}

// --- bridges that come back by themselves
// ------------------------------------------------------------------

const bridges = new Map<string, BridgeState & { reports: number; refused: boolean }>();

/** A new session for each attempt, a second after the one before has ended. */
function keep(
  name: string,
  open: () => Session,
  report: (session: Session) => Promise<void>,
): void {
  const state = bridges.get(name) ?? { name, reports: 0, refused: false };
  bridges.set(name, state);
  const session = open();
  session.reconnect.stop();
  (session as { timeout?: number }).timeout = 30_000;
  const once = (): void => {
    if (state.refused) return;
    report(session).then(
      () => (state.reports += 1),
      (error: unknown) => {
        // As the first version of the bridge: a refusal, whatever its reason, silences it for good.
        if ((error as { condition?: unknown }).condition !== undefined) state.refused = true;
      },
    );
  };
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const again = (): void => {
    clearInterval(timer);
    if (ended) return;
    ended = true;
    setTimeout(() => keep(name, open, report), 1000);
  };
  session.on('error', () => undefined); // told by the end of the session
  session.on('disconnect', again);
  session.on('online', () => {
    timer = setInterval(once, 1000);
    once();
  });
  session.start().catch(again);
}

/** Reports by pubsub each second, as a component. */
function keepComponent(command: Extract<DriverCommand, { do: 'keep component' }>): void {
  const { name, host, domain, node, password } = command;
  const to = domain.slice(domain.indexOf('.') + 1);
  keep(
    name,
    () => component({ service: `xmpp://${host}:5347`, domain, password }) as Session,
    (session) => publish(session, to, node, domain),
  );
}

async function publish(session: Session, to: string, node: string, id: string): Promise<void> {
  const stats = xml('stats', { xmlns: 'http://jitsi.org/protocol/colibri' });
  const item = xml('publish', { node }, xml('item', { id }, stats));
  await session.iqCaller.request(
    xml('iq', { type: 'set', to }, xml('pubsub', { xmlns: pubsub }, item)),
  );
}

/**
 * Reports by presence in a room, as a client; a report counts when the room has sent it on to
 * everyone.
 */
function keepClient(command: Extract<DriverCommand, { do: 'keep client' }>): void {
  const { name, host, domain, password, room } = command;
  const service = `xmpp://${host}:5222`;
  const report = (session: Session): Promise<void> =>
    new Promise((resolve, reject) => {
      const heard = (stanza: Element): void => {
        if (!stanza.is('presence') || stanza.attrs['from'] !== `${room}/${name}`) return;
        session.off('stanza', heard);
        if (stanza.attrs['type'] === 'error')
          reject(Object.assign(new Error(), { condition: 'x' }));
        else resolve();
      };
      session.on('stanza', heard);
      session.send(enter(room, name)).catch(() => undefined);
    });
  keep(name, () => client({ service, domain, username: name, password }), report);
}

// --- clients that talk to each other
// -------------------------------------------------------------------------

const talk = { sent: 0, timer: undefined as NodeJS.Timeout | undefined };

/** Each session sends a message to the next one, again and again, until told to stop. */
function startTalk(names: readonly string[], periodMs: number): void {
  talk.timer = setInterval(() => {
    names.forEach((name, index) => {
      const to = held.get(names[(index + 1) % names.length] ?? '')?.session.jid?.toString();
      const from = held.get(name);
      if (to === undefined || from === undefined) return;
      talk.sent += 1;
      const message = xml('message', { to, type: 'chat' }, xml('body', {}, 'hello'));
      from.session.send(message).catch(() => undefined);
    });
  }, periodMs);
}

async function stopTalk(names: readonly string[]): Promise<DriverReply> {
  clearInterval(talk.timer);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const received = names.reduce((sum, name) => sum + (held.get(name)?.messages ?? 0), 0);
  const disconnects = [...held.values()].reduce((sum, entry) => sum + entry.disconnects, 0);
  return { ok: true, sent: talk.sent, received, disconnects };
}

async function request(name: string, tree: XmlTree): Promise<DriverReply> {
  const entry = held.get(name);
  if (entry === undefined) return { ok: false, condition: 'no such session' };
  try {
    await entry.session.iqCaller.request(element(tree));
    return { ok: true };
  } catch (error) {
    return { ok: false, condition: condition(error) };
  }
}

function execute(command: DriverCommand): Promise<DriverReply> | DriverReply {
  switch (command.do) {
    case 'component':
      return hold(
        command.name,
        component({
          service: `xmpp://${command.host}:5347`,
          domain: command.domain,
          password: command.password,
        }) as Session,
      );
    case 'client':
      return hold(
        command.name,
        client({
          service: `xmpp://${command.host}:5222`,
          domain: command.domain,
          ...command.account,
        }),
      );
    case 'request':
      return request(command.name, command.iq);
    case 'join':
      return join(command.name, command.room, command.nickname);
    case 'keep component':
      keepComponent(command);
      return { ok: true };
    case 'keep client':
      keepClient(command);
      return { ok: true };
    case 'kept':
      return { ok: true, bridges: [...bridges.values()] };
    case 'talk':
      startTalk(command.names, command.periodMs);
      return { ok: true };
    case 'hush':
      return stopTalk(command.names);
    case 'observe': {
      const entry = held.get(command.name);
      return {
        ok: true,
        itemIds: entry?.itemIds ?? [],
        occupants: [...(entry?.occupants.values() ?? [])],
        disconnects: entry?.disconnects ?? 0,
      };
    }
  }
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(await execute(JSON.parse(line) as DriverCommand))}\n`);
  }
  process.exit(0);
}

void main();
