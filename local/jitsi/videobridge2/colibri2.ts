import xml, { type Element } from '@xmpp/xml';
import { iqError, iqResult } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { Conferences } from './conferences';

/**
 * Answers a COLIBRI version 2 `<conference-modify/>` with `<conference-modified/>` or its errors,
 * as Videobridge.java and Colibri2ConferenceHandler.kt do (2.3-312), without transports, sources
 * and relays.
 */
export function answerConferenceModify(
  iq: Element,
  request: Element,
  conferences: Conferences,
  refusesConferences: boolean,
): Element {
  const { 'meeting-id': id = '' } = request.attrs;
  if (id === '') return iqError(iq, 'modify', 'bad-request');
  const creates = isTrue(request, 'create');
  if (creates && conferences.has(id)) return refusal(iq, 'conflict', 'conference_already_exists');
  if (creates && refusesConferences) {
    return refusal(iq, 'service-unavailable', 'graceful_shutdown');
  }
  if (!creates && !conferences.has(id)) {
    return refusal(iq, 'item-not-found', 'conference_not_found');
  }
  if (creates) conferences.create(id);
  const answers: Element[] = [];
  for (const endpoint of request.getChildren('endpoint')) {
    const answer = changeEndpoint(iq, endpoint, id, conferences);
    if (answer.name === 'iq') return answer;
    answers.push(answer);
  }
  if (isTrue(request, 'expire') || (!creates && conferences.isEmpty(id))) conferences.expire(id);
  return iqResult(iq, xml('conference-modified', { xmlns: namespaces.colibri2 }, ...answers));
}

/** The endpoint's part of the answer, or the error that is the answer to all of the request. */
function changeEndpoint(
  iq: Element,
  endpoint: Element,
  meetingId: string,
  conferences: Conferences,
): Element {
  const { id = '' } = endpoint.attrs;
  if (isTrue(endpoint, 'expire')) {
    conferences.expireEndpoint(meetingId, id);
    return xml('endpoint', { xmlns: namespaces.colibri2, id, expire: 'true' });
  }
  const isKnown = conferences.hasEndpoint(meetingId, id);
  if (!isTrue(endpoint, 'create')) {
    if (!isKnown) {
      const unknown = xml('endpoint', { xmlns: namespaces.colibri2, id });
      return refusal(iq, 'item-not-found', 'unknown_endpoint', unknown);
    }
    conferences.touch(meetingId, id);
    return xml('endpoint', { xmlns: namespaces.colibri2, id });
  }
  if (isKnown) return iqError(iq, 'cancel', 'conflict');
  const names = endpoint.getChildren('capability').map(({ attrs }) => attrs['name']);
  if (endpoint.getChild('transport') === undefined || !names.includes('source-names')) {
    return iqError(iq, 'modify', 'bad-request');
  }
  conferences.touch(meetingId, id);
  return xml('endpoint', { xmlns: namespaces.colibri2, id }, xml('transport'));
}

function refusal(
  iq: Element,
  condition: string,
  reason: string,
  ...extra: readonly Element[]
): Element {
  const error = xml('error', { xmlns: namespaces.colibri2, reason });
  return iqError(iq, 'cancel', condition, error, ...extra);
}

function isTrue({ attrs }: Element, name: string): boolean {
  return attrs[name] === 'true';
}
