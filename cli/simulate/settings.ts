import { parse } from 'yaml';

import { WrongInput } from './wrong-input';

/** One `--set path=value`. */
export interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Parses `policy.targetStress=0.7`; the value is YAML, as in the config file.
 * @throws WrongInput when it is no assignment, or no key of the policy is named
 */
export function parseSetting(text: string): Setting {
  const [, name = '', value = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  const path = name.trim().split('.');
  if (name === '' || path.some((key) => !/^\w+$/.test(key)))
    throw new WrongInput(`--set ${text}: must be key=value, for example policy.targetStress=0.7`);
  return { path, value: valueOf(text, value) };
}

function valueOf(text: string, value: string): unknown {
  try {
    // `on` and `off` are words here, as YAML 1.2 and the config file have it.
    return parse(value);
  } catch {
    throw new WrongInput(`--set ${text}: the value is not valid YAML`);
  }
}

/**
 * A config as it was read, with the settings in it. Nothing is checked here: the schema does that.
 */
export function withSettings(config: unknown, settings: readonly Setting[]): unknown {
  return settings.reduce((changed, { path, value }) => replaceAt(changed, path, value), config);
}

function replaceAt(node: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const entries = typeof node === 'object' && node !== null && !Array.isArray(node) ? node : {};
  const child = (entries as Record<string, unknown>)[key];
  return { ...entries, [key]: replaceAt(child, rest, value) };
}
