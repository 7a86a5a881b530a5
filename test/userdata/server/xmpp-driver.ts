import { createInterface } from 'node:readline';
import { component } from '@xmpp/component';
import { client } from '@xmpp/client';
import xml, { type Element } from '@xmpp/xml';

import type { DriverCommand, DriverReply, XmlTree } from './xmpp-clients';

/**
 * Real XMPP sessions inside the network of a test's machine: runs there as a process of its own, takes one JSON
 * command a line and answers each with one line, in order.
 */

type Session = ReturnType<typeof component>;

interface Held {
  readonly session: Session;
  readonly itemIds: string[];
  disconnects: number;
}

const held = new Map<string, Held>();

function element([name, attributes, ...children]: XmlTree): Element {
  return xml(name, attributes, ...children.map(element));
}

function condition(error: unknown): string {
  const found = (error as { condition?: unknown }).condition;
  return typeof found === 'string' ? found : String(error);
}

async function hold(name: string, session: Session): Promise<DriverReply> {
  const entry: Held = { session, itemIds: [], disconnects: 0 };
  session.reconnect.stop();
  session.on('error', () => undefined); // told by start() and by the count of disconnects
  session.on('disconnect', () => (entry.disconnects += 1));
  session.on('stanza', (stanza: Element) => {
    const items = stanza
      .getChild('event', 'http://jabber.org/protocol/pubsub#event')
      ?.getChild('items');
    for (const item of items?.getChildren('item') ?? []) entry.itemIds.push(item.attrs['id'] ?? '');
  });
  try {
    const jid = String(await session.start());
    held.set(name, entry);
    return { ok: true, jid };
  } catch (error) {
    await session.stop().catch(() => undefined);
    return { ok: false, condition: condition(error) };
  }
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
        }),
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
    case 'observe': {
      const entry = held.get(command.name);
      return { ok: true, itemIds: entry?.itemIds ?? [], disconnects: entry?.disconnects ?? 0 };
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
