import { z } from 'zod';

/** What the JSON form of a schema tells about one key. */
export interface KeyNode {
  readonly description?: string;
  readonly default?: unknown;
  /** In words, what holds when a key that has no default is left out. */
  readonly unset?: string;
  /** How a value is written in YAML, where the default does not show it. */
  readonly examples?: readonly string[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly KeyNode[];
  readonly properties?: Readonly<Record<string, KeyNode>>;
  readonly required?: readonly string[];
  readonly items?: KeyNode;
}

/**
 * The schema as a plain tree of keys, as an operator writes them: the source of error texts and
 * docs.
 */
export function describeKeys(schema: z.ZodType): KeyNode {
  return z.toJSONSchema(schema, { io: 'input' }) as KeyNode;
}

/** The node at a path of keys and list positions, or undefined where the schema has none. */
export function nodeAt(root: KeyNode, path: readonly PropertyKey[]): KeyNode | undefined {
  return path.reduce<KeyNode | undefined>(
    (node, step) => (typeof step === 'number' ? node?.items : node?.properties?.[String(step)]),
    root,
  );
}
