import xml, { type Element } from '@xmpp/xml';
import type { IqAnswer } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import { statisticText, type Statistics } from './statistics';

export interface PublisherOptions {
  readonly service: string;
  readonly node: string;
  /** Item id: the bridge's own component JID. */
  readonly itemId: string;
  readonly request: (to: string, payload: Element) => Promise<IqAnswer>;
  readonly log: (line: string) => void;
}

/**
 * - `absent`: create was not sent, or never answered. It is not sent again.
 * - `ready`: publishes.
 * - `createRefused`: publishes nothing until the component registers again.
 * - `publishRefused`: publishes nothing any more, for good.
 */
type NodeState = 'absent' | 'creating' | 'ready' | 'createRefused' | 'publishRefused';

/**
 * PubSubPublisher and PubSubStatsTransport of build 1126: create, configure, publish, with the
 * reactions to errors that real bridges show, silence for good among them.
 */
export class StatsPublisher {
  private state: NodeState = 'absent';
  private createSent = false;

  constructor(private readonly options: PublisherOptions) {}

  /** No report leaves the bridge any more, however often {@link publish} is called. */
  get silent(): boolean {
    return this.state === 'createRefused' || this.state === 'publishRefused';
  }

  /** To be called whenever the component has registered. */
  async registered(): Promise<void> {
    if (this.createSent && this.state !== 'createRefused') return;
    await this.create();
  }

  async publish(statistics: Statistics): Promise<void> {
    const { node, itemId, log } = this.options;
    if (this.silent) return;
    if (this.state !== 'ready') {
      log(`cannot publish to ${node}: it does not exist yet`);
      return;
    }
    const stats = [...statistics].map(([name, value]) =>
      xml('stat', { name, value: statisticText(value) }),
    );
    const item = xml('item', { id: itemId }, xml('stats', { xmlns: namespaces.colibri }, ...stats));
    const answer = await this.send(xml('publish', { node }, item));
    switch (answer.kind) {
      case 'result':
        return;
      case 'timeout':
        log(`no answer to a publish to ${node}`);
        return;
      case 'error':
        log(`publish to ${node}: ${answer.type}/${answer.condition}`);
        if (answer.condition === 'item-not-found') await this.recreate();
        else this.state = 'publishRefused';
    }
  }

  private async recreate(): Promise<void> {
    // Several publishes may be under way when the first of them is answered.
    if (this.state === 'ready') await this.create();
  }

  private async create(): Promise<void> {
    const { node, log } = this.options;
    this.createSent = true;
    this.state = 'creating';
    const answer = await this.send(xml('create', { node }));
    switch (answer.kind) {
      case 'result':
        await this.configure();
        this.state = 'ready';
        return;
      case 'timeout':
        log(`no answer to create ${node}`);
        this.state = 'absent';
        return;
      case 'error':
        log(`create ${node}: ${answer.type}/${answer.condition}`);
        this.state = createdAnyway(answer) ? 'ready' : 'createRefused';
    }
  }

  /**
   * In the basic namespace, as the real one does by mistake; whatever comes back is taken for
   * success.
   */
  private async configure(): Promise<void> {
    const form = xml(
      'x',
      { xmlns: namespaces.dataForm, type: 'submit' },
      field('pubsub#access_model', 'list-single', 'open'),
      field('pubsub#persist_items', 'boolean', 'false'),
      field('pubsub#publish_model', 'list-single', 'open'),
    );
    await this.send(xml('configure', { node: this.options.node }, form));
  }

  private send(action: Element): Promise<IqAnswer> {
    return this.options.request(
      this.options.service,
      xml('pubsub', { xmlns: namespaces.pubsub }, action),
    );
  }
}

function createdAnyway({ type, condition }: { type: string; condition: string }): boolean {
  return (type === 'cancel' && condition === 'conflict') || condition === 'forbidden';
}

function field(name: string, type: string, value: string): Element {
  return xml('field', { var: name, type }, xml('value', {}, value));
}
