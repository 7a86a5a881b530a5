/** One XML element as it stands on an XMPP stream: attributes in wire order, no namespace resolution. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export function xml(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (XmlElement | string)[]
): XmlElement {
  return { name, attributes, children };
}

/** Child elements, all or those of one name. */
export function elements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement =>
      typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** First child of that name and, when given, with that `xmlns` of its own. */
export function child(parent: XmlElement, name: string, xmlns?: string): XmlElement | undefined {
  return elements(parent, name).find(
    (element) => xmlns === undefined || element.attributes['xmlns'] === xmlns,
  );
}

export function textOf(element: XmlElement): string {
  return element.children.map((part) => (typeof part === 'string' ? part : '')).join('');
}

/** The element as text on one line, attributes in their order and in double quotes, as Smack writes it. */
export function serialize(element: XmlElement): string {
  const content = element.children
    .map((part) => (typeof part === 'string' ? escape(part) : serialize(part)))
    .join('');
  const tag = openingTag(element);
  return content === '' ? `${tag}/>` : `${tag}>${content}</${element.name}>`;
}

/** `<name a="b"` without its end, for streams that stay open. */
export function openingTag({ name, attributes }: XmlElement): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(value)}"`);
  return `<${name}${written.join('')}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
