import { randomBytes } from 'node:crypto';
import type { IqCaller } from '@xmpp/iq/caller.js';
import xml, { type Element } from '@xmpp/xml';
import { namespaces } from './namespaces';

export type IqAnswer =
  | { readonly kind: 'result'; readonly payload: Element | undefined }
  | { readonly kind: 'error'; readonly type: string; readonly condition: string }
  | { readonly kind: 'timeout' };

export interface IqRequest {
  readonly type: 'get' | 'set';
  readonly to: string;
  /** Components must say who they are; clients leave it to the server. */
  readonly from?: string;
  readonly payload: Element;
  /** @default 5 */
  readonly timeoutSeconds?: number;
}

/** What xmpp.js rejects a request with when the answer is an error. */
interface StanzaError {
  readonly name: 'StanzaError';
  readonly type: string;
  readonly condition: string;
}

/**
 * Asks over a session; a session that ends meanwhile is a timeout. The attributes stand in the
 * order of Jitsi's library.
 */
export async function ask(caller: IqCaller, request: IqRequest): Promise<IqAnswer> {
  const { type, to, from, payload, timeoutSeconds = 5 } = request;
  const id = randomBytes(9).toString('base64url');
  const head = { to, ...(from === undefined ? {} : { from }), id, type };
  try {
    const answer = await caller.request(xml('iq', head, payload), timeoutSeconds * 1000);
    return { kind: 'result', payload: answer.getChildElements()[0] };
  } catch (error) {
    return isStanzaError(error)
      ? { kind: 'error', type: error.type, condition: error.condition }
      : { kind: 'timeout' };
  }
}

function isStanzaError(error: unknown): error is StanzaError {
  return error instanceof Error && error.name === 'StanzaError';
}

/*
 * Answers are made here, not by xmpp.js' handler of requests: that one repeats the request in an
 * error answer, which bridges do not, and serves one connection, while a bridge answers the same
 * on all of its own.
 */

/** Result of an IQ that we answer. */
export function iqResult(request: Element, ...payload: readonly Element[]): Element {
  return xml('iq', { ...answerAddress(request), type: 'result' }, ...payload);
}

/** Error answer; `extra` stands beside the condition. */
export function iqError(
  request: Element,
  type: 'cancel' | 'auth' | 'modify' | 'wait',
  condition: string,
  ...extra: readonly Element[]
): Element {
  return xml(
    'iq',
    { ...answerAddress(request), type: 'error' },
    xml('error', { type }, xml(condition, { xmlns: namespaces.stanzas }), ...extra),
  );
}

function answerAddress({ attrs }: Element): Record<string, string> {
  const { from = '', to = '', id = '' } = attrs;
  return { to: from, from: to, id };
}
