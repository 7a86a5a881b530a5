import { randomUUID } from 'node:crypto';
import xml, { type Element } from '@xmpp/xml';

import type { IqAnswer } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { Allocation, BridgeLink, PlacedChannels } from './bridge-link';
import type { Request } from './colibri-link';

/**
 * COLIBRI version 2 towards today's bridges, thin: endpoints without sources or transport. It
 * knows no channels: an endpoint's id stands for both of its channels, and naming it in a request
 * stands for its media.
 */
export class Colibri2Link implements BridgeLink {
  constructor(private readonly request: Request) {}

  async allocate(
    bridge: string,
    conferenceId: string | undefined,
    endpoints: readonly string[],
  ): Promise<Allocation | undefined> {
    const meetingId = conferenceId ?? randomUUID();
    const wanted = endpoints.map((id) =>
      xml(
        'endpoint',
        { xmlns: namespaces.colibri2, id, create: 'true' },
        xml('capability', { name: 'source-names' }),
        xml('transport', { 'ice-controlling': 'true' }),
      ),
    );
    const isNew = conferenceId === undefined;
    const answer = await this.modify(bridge, meetingId, isNew ? { create: 'true' } : {}, wanted);
    if (answer.kind !== 'result') return undefined;
    const channels = new Map(endpoints.map((id) => [id, { audio: id, video: id }] as const));
    return { conferenceId: meetingId, channels };
  }

  async expire(channels: PlacedChannels): Promise<void> {
    await this.update(channels, { expire: 'true' });
  }

  async touch(channels: PlacedChannels): Promise<void> {
    await this.update(channels, {});
  }

  private async update(
    { bridge, conferenceId, channels }: PlacedChannels,
    attributes: Readonly<Record<string, string>>,
  ): Promise<void> {
    const endpoints = [...channels.keys()].map((id) =>
      xml('endpoint', { xmlns: namespaces.colibri2, id, ...attributes }),
    );
    await this.modify(bridge, conferenceId, {}, endpoints);
  }

  private modify(
    bridge: string,
    meetingId: string,
    attributes: Readonly<Record<string, string>>,
    endpoints: readonly Element[],
  ): Promise<IqAnswer> {
    const head = { xmlns: namespaces.colibri2, 'meeting-id': meetingId, ...attributes };
    return this.request('set', bridge, xml('conference-modify', head, ...endpoints));
  }
}
