import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Element } from '@xmpp/xml';
import parse from '@xmpp/xml/lib/parse.js';

/** The stanzas of a captured file, in their order. */
export function captured(file: string): Element[] {
  const text = readFileSync(join(__dirname, '../../../fixtures/stanzas', file), 'utf8');
  return parseStanzas(text);
}

export function parseStanzas(text: string): Element[] {
  return parse(`<root>${text}</root>`).getChildElements();
}

/**
 * What makes two stanzas the same kind: element and attribute names in their order and all values
 * but stanza ids and the figures of the report, of which the kind of value remains. Prosody hands
 * attributes on in any order: what came through it is compared so.
 */
export function shape(element: Element, order: 'as sent' | 'any' = 'as sent'): string {
  const attributes = Object.entries(element.attrs).map(([name, value = '']) => {
    if (name === 'id' && element.name === 'iq') return 'id=*';
    if (name === 'value') return `value=${kindOf(value)}`;
    return `${name}=${value}`;
  });
  if (order === 'any') attributes.sort();
  const children = element.children
    .filter((part) => typeof part !== 'string' || part.trim() !== '')
    .map((part) => (typeof part === 'string' ? part : shape(part, order)));
  return `${[element.name, ...attributes].join(' ')}(${children.join(',')})`;
}

function kindOf(value: string): string {
  if (/^-?\d+$/.test(value)) return 'int';
  if (/^-?\d+\.\d+(E-?\d+)?$/.test(value)) return 'double';
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(value)) return 'timestamp';
  if (value.startsWith('[')) return `list of ${value.split(',').length}`;
  return value;
}
