import type { z } from 'zod';

import type { KeyNode } from './describe-keys';

/**
 * What is wrong with a value and what to write instead, as the rest of the sentence that begins
 * with the key: "must be a whole number". Only messages of zod itself are replaced.
 */
export function explainIssue(issue: z.core.$ZodIssue, node: KeyNode | undefined): string {
  if (!/^(Invalid|Too (small|big))/.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return mustBe(issue.expected, node);
  if (issue.code === 'too_small') return smallest(issue);
  if (issue.code === 'too_big') return `must be ${Number(issue.maximum)} or less`;
  if (issue.code === 'invalid_value') return `must be ${anyOf(issue.values)}`;
  return issue.message;
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  const last = texts.at(-1) ?? '';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

function smallest({ minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  return inclusive === false
    ? `must be more than ${Number(minimum)}`
    : `must be ${Number(minimum)} or more`;
}

function mustBe(expected: string, node: KeyNode | undefined): string {
  switch (expected) {
    case 'array':
      return `must be a list${example(node)}`;
    case 'object':
      return `must be a section with the keys ${Object.keys(node?.properties ?? {}).join(', ')}`;
    case 'record':
      return `must be keys and values${example(node)}`;
    case 'string':
      return 'must be text; put it in quotes';
    case 'boolean':
      return 'must be true or false';
    default:
      return node?.type === 'integer' ? 'must be a whole number' : 'must be a number';
  }
}

function example(node: KeyNode | undefined): string {
  const [given] = node?.examples ?? [];
  if (given !== undefined) return `, for example ${given}`;
  const entry = node?.default;
  return Array.isArray(entry) && entry.length > 0 && typeof entry[0] === 'string'
    ? `, for example [${entry[0]}]`
    : '';
}
