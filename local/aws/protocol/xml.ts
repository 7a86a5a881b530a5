/**
 * Writes a value as the XML of the query protocols: an array becomes its elements inside
 * `listElement` (`item` for EC2, `member` elsewhere), a date ISO 8601, absent values nothing.
 */
export function toXml(value: unknown, listElement: 'item' | 'member'): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    return value
      .map((element) => `<${listElement}>${toXml(element, listElement)}</${listElement}>`)
      .join('');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<${name}>${toXml(member, listElement)}</${name}>`)
      .join('');
  }
  return escapeXml(`${value as string | number | boolean}`);
}

export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
}
