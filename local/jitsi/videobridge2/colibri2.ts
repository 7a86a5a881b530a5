import { child, elements, xml, type XmlElement } from '../xmpp/element';
import { iqError, iqResult } from '../xmpp/iq-requests';
import { namespaces } from '../xmpp/namespaces';
import type { Conferences } from './conferences';

/**
 * Answers a COLIBRI version 2 `<conference-modify/>` with `<conference-modified/>` or its errors, as
 * Videobridge.java and Colibri2ConferenceHandler.kt do (2.3-312), without transports, sources and relays.
 */
export function answerConferenceModify(
  iq: XmlElement,
  request: XmlElement,
  conferences: Conferences,
  refusesConferences: boolean,
): XmlElement {
  const { 'meeting-id': id = '' } = request.attributes;
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
  const answers: XmlElement[] = [];
  for (const endpoint of elements(request, 'endpoint')) {
    const answer = changeEndpoint(iq, endpoint, id, conferences);
    if (answer.name === 'iq') return answer;
    answers.push(answer);
  }
  if (isTrue(request, 'expire') || (!creates && conferences.isEmpty(id))) conferences.expire(id);
  return iqResult(iq, xml('conference-modified', { xmlns: namespaces.colibri2 }, ...answers));
}

/** The endpoint's part of the answer, or the error that is the answer to all of the request. */
function changeEndpoint(
  iq: XmlElement,
  endpoint: XmlElement,
  meetingId: string,
  conferences: Conferences,
): XmlElement {
  const { id = '' } = endpoint.attributes;
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
  const names = elements(endpoint, 'capability').map(({ attributes }) => attributes['name']);
  if (child(endpoint, 'transport') === undefined || !names.includes('source-names')) {
    return iqError(iq, 'modify', 'bad-request');
  }
  conferences.touch(meetingId, id);
  return xml('endpoint', { xmlns: namespaces.colibri2, id }, xml('transport'));
}

function refusal(
  iq: XmlElement,
  condition: string,
  reason: string,
  ...extra: readonly XmlElement[]
): XmlElement {
  const error = xml('error', { xmlns: namespaces.colibri2, reason });
  return iqError(iq, 'cancel', condition, error, ...extra);
}

function isTrue({ attributes }: XmlElement, name: string): boolean {
  return attributes[name] === 'true';
}
