import { existsSync, readFileSync } from 'node:fs';

/**
 * `key=value` lines of a Java properties file as Jitsi's are: comments, no line continuation.
 * Values lose leading white space only, as in Java: a blank after a transport's name stays.
 */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!\s=:][^\s=:]*)\s*[=:]?\s*(.*)$/.exec(line);
    if (match?.[1] !== undefined) properties.set(match[1], unescape(match[2] ?? ''));
  }
  return properties;
}

/** Empty when there is no such file: Jitsi starts without one. */
export function readProperties(path: string): ReadonlyMap<string, string> {
  return existsSync(path) ? parseProperties(readFileSync(path, 'utf8')) : new Map();
}

/**
 * A whole positive number out of a property, or the default when it is absent or something else.
 */
export function numberProperty(
  properties: ReadonlyMap<string, string>,
  key: string,
  fallback: number,
): number {
  const value = Number(properties.get(key) ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : fallback;
}

function unescape(value: string): string {
  return value.replace(/\\(.)/g, '$1');
}
