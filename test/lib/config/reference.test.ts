import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeKeys, type KeyNode } from '../../../lib/config/describe-keys';
import { configurationReference } from '../../../lib/config/reference';
import { deploymentSchema } from '../../../lib/config/schema';

it('docs/configuration.md is current; otherwise run: npm run docs', () => {
  const file = join(__dirname, '../../../docs/configuration.md');
  expect(readFileSync(file, 'utf8')).toBe(configurationReference());
});

it('has a sentence for every key', () => {
  const silent: string[] = [];
  const visit = (node: KeyNode, path: string): void => {
    for (const [key, child] of Object.entries(node.properties ?? {})) {
      if (!/\.$/.test(child.description ?? '')) silent.push(`${path}${key}`);
      visit(child, `${path}${key}.`);
      if (child.items !== undefined) visit(child.items, `${path}${key}[].`);
    }
  };
  visit(describeKeys(deploymentSchema), '');
  expect(silent).toEqual([]);
});

test.each([
  ['a required key', '| `fleet` | **required** |'],
  ['a default', '| `reservedConcurrency` | `true` |'],
  ['a section in a list', '## bridge.instanceTypes[]'],
  ['choices', 'One of `nat`, `existingEndpoints`, `createEndpoints`.'],
])('shows %s', (_, text) => {
  expect(configurationReference()).toContain(text);
});
