import { randomBytes } from 'node:crypto';
import { child, elements, xml, type XmlElement } from './element';
import { namespaces } from './namespaces';

export type IqAnswer =
  | { readonly kind: 'result'; readonly payload: XmlElement | undefined }
  | { readonly kind: 'error'; readonly type: string; readonly condition: string }
  | { readonly kind: 'timeout' };

export interface IqRequest {
  readonly type: 'get' | 'set';
  readonly to: string;
  /** Components must say who they are; clients leave it to the server. */
  readonly from?: string;
  readonly payload: XmlElement;
  /** @default 5 */
  readonly timeoutSeconds?: number;
}

/** Matches IQ answers to requests by stanza id and exact sender, as Smack does; ids are five random characters and a counter. */
export class IqRequests {
  private readonly prefix = randomBytes(4).toString('base64url').slice(0, 5);
  private counter = 0;
  private readonly pending = new Map<string, { to: string; done: (answer: IqAnswer) => void }>();

  constructor(private readonly send: (stanza: XmlElement) => void) {}

  request({ type, to, from, payload, timeoutSeconds = 5 }: IqRequest): Promise<IqAnswer> {
    this.counter += 1;
    const id = `${this.prefix}-${this.counter}`;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        resolve({ kind: 'timeout' });
      }, timeoutSeconds * 1000);
      const done = (answer: IqAnswer) => {
        clearTimeout(timer);
        this.pending.delete(id);
        resolve(answer);
      };
      this.pending.set(id, { to, done });
      this.send(xml('iq', { to, ...(from === undefined ? {} : { from }), id, type }, payload));
    });
  }

  /** Takes the stanza when it answers a request; false when it is somebody else's. */
  receive(stanza: XmlElement): boolean {
    const { id = '', from, type } = stanza.attributes;
    const waiting = this.pending.get(id);
    if (stanza.name !== 'iq' || waiting?.to !== from) return false;
    if (type === 'result') {
      waiting?.done({ kind: 'result', payload: elements(stanza)[0] });
      return true;
    }
    if (type !== 'error') return false;
    const error = child(stanza, 'error');
    const condition = error && elements(error).find(({ name }) => name !== 'text')?.name;
    waiting?.done({
      kind: 'error',
      type: error?.attributes['type'] ?? '',
      condition: condition ?? 'undefined-condition',
    });
    return true;
  }

  /** Ends every wait as a timeout. */
  abandon(): void {
    for (const { done } of [...this.pending.values()]) done({ kind: 'timeout' });
  }
}

/** Result of an IQ that we answer. */
export function iqResult(request: XmlElement, ...payload: readonly XmlElement[]): XmlElement {
  return xml('iq', { ...answerAddress(request), type: 'result' }, ...payload);
}

/** Error answer; `extra` stands beside the condition. */
export function iqError(
  request: XmlElement,
  type: 'cancel' | 'auth' | 'modify' | 'wait',
  condition: string,
  ...extra: readonly XmlElement[]
): XmlElement {
  return xml(
    'iq',
    { ...answerAddress(request), type: 'error' },
    xml('error', { type }, xml(condition, { xmlns: namespaces.stanzas }), ...extra),
  );
}

function answerAddress({ attributes }: XmlElement): Record<string, string> {
  const { from = '', to = '', id = '' } = attributes;
  return { to: from, from: to, id };
}
