import type { z } from 'zod';

import { nearestNames } from '../../lambdas/core/protocol/nearest-names';
import { describeKeys, nodeAt, type KeyNode } from './describe-keys';

/** The configuration was refused. `problems` has one line per fault: the field, what is wrong, what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    source: string,
    readonly problems: readonly string[],
  ) {
    super([`${source} was refused:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/** A parsed value's type: a key that may be left out is either there or not, and never `undefined`. */
export type Parsed<T> = T extends readonly unknown[]
  ? { [Index in keyof T]: Parsed<T[Index]> }
  : T extends object
    ? { [Key in keyof T]: Parsed<Exclude<T[Key], undefined>> }
    : T;

/**
 * Checks a configuration and fills in its defaults.
 * @param source how the error calls it: the name of the file, or of the construct
 * @throws ConfigError with every fault found
 */
export function parseConfig<T extends z.ZodType>(
  schema: T,
  input: unknown,
  source: string,
): Parsed<z.output<T>> {
  const result = schema.safeParse(input);
  if (result.success) return result.data as Parsed<z.output<T>>;
  const keys = describeKeys(schema);
  throw new ConfigError(
    source,
    result.error.issues.flatMap((issue) => explain(issue, keys, input)),
  );
}

function explain(issue: z.core.$ZodIssue, keys: KeyNode, input: unknown): string[] {
  const field = fieldName(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(nodeAt(keys, issue.path)?.properties ?? {});
    return issue.keys.map((key) => {
      const near = nearestNames(key, known);
      const help =
        near.length === 0 ? `known are ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`;
      return `${fieldName([...issue.path, key])}: unknown key; ${help}`;
    });
  }
  const node = nodeAt(keys, issue.path);
  if (valueAt(input, issue.path) === undefined) {
    const choices = node?.enum === undefined ? '' : ` one of ${node.enum.join(', ')};`;
    const hint =
      issue.code === 'custom' ? issue.message : `is missing.${choices} ${node?.description ?? ''}`;
    return [`${field}: ${hint.trim()}`];
  }
  const typeError = /^Invalid input: expected (\w+), received (\w+)$/.exec(issue.message);
  if (typeError === null) return [`${field}: ${issue.message}`];
  const [, wanted, got] = typeError;
  return [`${field}: must be of type ${wanted}, not ${got}. ${node?.description ?? ''}`.trim()];
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`,
    '',
  );
  return name || 'the configuration';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    input,
  );
}
