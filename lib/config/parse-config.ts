import type { z } from 'zod';

import { nearestNames } from '../../lambdas/core/protocol/nearest-names';
import { describeKeys, nodeAt, type KeyNode } from './describe-keys';
import { anyOf, explainIssue } from './explain-issue';

/**
 * The configuration is invalid. `problems` has one line per fault: the key, what is wrong, what to
 * do.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    source: string,
    readonly problems: readonly string[],
  ) {
    super([`${source} is invalid:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/**
 * A parsed value's type: a key that may be left out is either there or not, and never `undefined`.
 */
export type Parsed<T> = T extends readonly unknown[]
  ? { [Index in keyof T]: Parsed<T[Index]> }
  : T extends object
    ? { [Key in keyof T]: Parsed<Exclude<T[Key], undefined>> }
    : T;

/**
 * Checks a configuration and fills in its defaults.
 * @param source what the error calls it: the name of the file or of the construct
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
  const node = nodeAt(keys, issue.path);
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, node);
  if (issue.path.length === 0 && issue.code === 'invalid_type') return [wrongFile(input)];
  const message =
    valueAt(input, issue.path) === undefined && issue.code !== 'custom'
      ? missingText(node)
      : explainIssue(issue, node);
  return [`${fieldName(issue.path)}: ${message}`];
}

function unknownKeys({ path, keys }: z.core.$ZodIssueUnrecognizedKeys, node?: KeyNode): string[] {
  const known = Object.keys(node?.properties ?? {});
  return keys.map((key) => {
    const near = nearestNames(key, known);
    const help =
      near.length === 0 ? `known keys: ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`;
    return `${fieldName([...path, key])}: unknown key; ${help}`;
  });
}

function wrongFile(input: unknown): string {
  return input === null || input === undefined
    ? 'the file is empty; copy bridges.example.yaml'
    : 'the file must hold keys and values, like bridges.example.yaml';
}

function missingText(node: KeyNode | undefined): string {
  if (node?.enum !== undefined) return `is missing: set it to ${anyOf(node.enum)}`;
  return `is missing. ${node?.description ?? ''}`.trim();
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`,
    '',
  );
  return name;
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
