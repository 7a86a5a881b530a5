import xml, { type Element } from '@xmpp/xml';
import { iqError, iqResult } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { Channel, Conferences, MediaType } from './conferences';

const defaultExpireSeconds = 60;

/**
 * Answers a COLIBRI `<conference/>`: without an id it makes one, unless the bridge is shutting
 * down. Channels without an id are made, those with one are touched, and ended when they expire in
 * 0 s.
 */
export function answerConference(
  iq: Element,
  request: Element,
  conferences: Conferences,
  isShuttingDown: boolean,
): Element {
  const wanted = request.attrs['id'];
  if (wanted === undefined && isShuttingDown) {
    const reason = xml('graceful-shutdown', { xmlns: namespaces.colibri });
    return iqError(iq, 'cancel', 'service-unavailable', reason);
  }
  if (wanted !== undefined && !conferences.has(wanted)) {
    return iqError(iq, 'modify', 'bad-request');
  }
  const id = wanted ?? conferences.create();
  const contents = request
    .getChildren('content')
    .map((content) => answerContent(content, id, conferences));
  return iqResult(iq, xml('conference', { xmlns: namespaces.colibri, id }, ...contents));
}

function answerContent(content: Element, id: string, conferences: Conferences): Element {
  const name = content.attrs['name'] ?? '';
  const media = mediaType(name);
  const channels = content.getChildren('channel').flatMap((channel) => {
    const answer = answerChannel(channel, id, media, conferences);
    return answer === undefined ? [] : [channelElement(answer)];
  });
  return xml('content', { name }, ...channels);
}

function answerChannel(
  { attrs }: Element,
  conferenceId: string,
  media: MediaType,
  conferences: Conferences,
): Channel | undefined {
  const { id, endpoint = '', expire } = attrs;
  const expireSeconds = expire === undefined ? undefined : Number(expire);
  if (id !== undefined) {
    const channel = conferences.updateChannel(conferenceId, id, expireSeconds);
    return expireSeconds === 0 ? undefined : channel;
  }
  return conferences.addChannel(conferenceId, {
    endpoint,
    media,
    expireSeconds: expireSeconds ?? defaultExpireSeconds,
  });
}

function channelElement({ id, endpoint, expireSeconds }: Channel): Element {
  return xml('channel', { id, endpoint, expire: String(expireSeconds), initiator: 'true' });
}

function mediaType(name: string): MediaType {
  return name === 'audio' || name === 'video' ? name : 'data';
}
