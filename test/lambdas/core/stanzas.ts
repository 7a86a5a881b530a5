import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A stanza as a real bridge sent it, or Prosody passed it on. */
export function capturedStanza(name: string): string {
  return readFileSync(join(__dirname, '../../fixtures/stanzas', `${name}.xml`), 'utf8').trim();
}

/** Name and value of each `<stat>` of a captured stanza, in its order. */
export function capturedStats(name: string): [string, string][] {
  return [...capturedStanza(name).matchAll(/<stat name='([^']*)' value='([^']*)'\/>/g)].map(
    ([, key = '', value = '']) => [key, value],
  );
}

/** The same stats with some values changed. */
export function changed(
  stats: readonly (readonly [string, string])[],
  values: Readonly<Record<string, string>>,
): [string, string][] {
  return stats.map(([name, value]) => [name, values[name] ?? value]);
}

/** A time as a bridge writes it. */
export function bridgeTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
