import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { apiReference } from '../../scripts/generate/api-reference';

it('docs/api.md is current; otherwise run: npm run docs', () => {
  expect(readFileSync(join(__dirname, '../../docs/api.md'), 'utf8')).toBe(apiReference());
});
