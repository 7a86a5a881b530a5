import type { Clock } from './clock';
import type { Ids } from './ids';

/** What an event tells beside where and when it happened. */
export interface EventContent {
  readonly source: string;
  readonly detailType: string;
  /** ARNs of what it is about. */
  readonly resources: readonly string[];
  readonly detail: unknown;
}

export interface EventPlace {
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * JSON of an event as EventBridge and its Scheduler hand it to a target: version 0, time in whole
 * seconds.
 */
export function eventEnvelope(content: EventContent, place: EventPlace): string {
  const time = place.clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return JSON.stringify({
    version: '0',
    id: place.ids.uuid(),
    'detail-type': content.detailType,
    source: content.source,
    account: place.accountId,
    time,
    region: place.region,
    resources: content.resources,
    detail: content.detail,
  });
}
