import xml, { type Element } from '@xmpp/xml';
import type { IqAnswer } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { Allocation, BridgeLink, EndpointChannels, PlacedChannels } from './bridge-link';

export type Request = (type: 'get' | 'set', to: string, payload: Element) => Promise<IqAnswer>;

const requiredFeatures = [
  namespaces.colibri,
  'urn:xmpp:jingle:apps:dtls:0',
  'urn:xmpp:jingle:transports:ice-udp:1',
];

/** COLIBRI version 1 towards bridges, thin: channels without transport or payload types. */
export class ColibriLink implements BridgeLink {
  constructor(private readonly request: Request) {}

  /** Whether disco#info says that this JID is a bridge. */
  async isBridge(jid: string): Promise<boolean> {
    const answer = await this.request('get', jid, xml('query', { xmlns: namespaces.discoInfo }));
    if (answer.kind !== 'result' || answer.payload === undefined) return false;
    const features = answer.payload.getChildren('feature').map(({ attrs }) => attrs['var']);
    return requiredFeatures.every((feature) => features.includes(feature));
  }

  async allocate(
    bridge: string,
    conferenceId: string | undefined,
    endpoints: readonly string[],
  ): Promise<Allocation | undefined> {
    const channels = endpoints.map((endpoint) =>
      xml('channel', { endpoint, expire: '60', initiator: 'true' }),
    );
    const answer = await this.conference(bridge, conferenceId, channels, channels);
    if (answer.kind !== 'result' || answer.payload === undefined) return undefined;
    return readAllocation(answer.payload);
  }

  async expire(channels: PlacedChannels): Promise<void> {
    await this.update(channels, '0');
  }

  async touch(channels: PlacedChannels): Promise<void> {
    await this.update(channels, '60');
  }

  private async update(placed: PlacedChannels, expire: string): Promise<void> {
    const { bridge, conferenceId, channels } = placed;
    const of = (media: keyof EndpointChannels) =>
      [...channels.values()].map((ids) => xml('channel', { id: ids[media], expire }));
    await this.conference(bridge, conferenceId, of('audio'), of('video'));
  }

  private conference(
    bridge: string,
    id: string | undefined,
    audio: readonly Element[],
    video: readonly Element[],
  ): Promise<IqAnswer> {
    const attributes = { xmlns: namespaces.colibri, ...(id === undefined ? {} : { id }) };
    const contents = [
      xml('content', { name: 'audio' }, ...audio),
      xml('content', { name: 'video' }, ...video),
    ];
    return this.request('set', bridge, xml('conference', attributes, ...contents));
  }
}

function readAllocation(conference: Element): Allocation | undefined {
  const conferenceId = conference.attrs['id'];
  if (conferenceId === undefined) return undefined;
  const ids = (media: string) => {
    const contents = conference.getChildren('content');
    const content = contents.find(({ attrs }) => attrs['name'] === media);
    const channels = content?.getChildren('channel') ?? [];
    return new Map(
      channels.map(({ attrs: { endpoint = '', id = '' } }) => [endpoint, id] as const),
    );
  };
  const video = ids('video');
  const channels = [...ids('audio')].map(
    ([endpoint, audio]) => [endpoint, { audio, video: video.get(endpoint) ?? '' }] as const,
  );
  return { conferenceId, channels: new Map(channels) };
}
