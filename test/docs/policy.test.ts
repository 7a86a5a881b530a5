import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { policySchema } from '../../lambdas/core/model/policy';
import { mostSchedules } from '../../lambdas/core/schedules/schedule';
import { describeKeys } from '../../lib/config/describe-keys';
import { policyPictures } from '../../scripts/policy-pictures/pictures';

const docs = join(__dirname, '../../docs');
const text = readFileSync(join(docs, 'policy.md'), 'utf8');

/**
 * What the forecast makes of a morning changes with the forecast; the others only with their own
 * rules.
 */
const steady = ['schedule.svg', 'headroom.svg', 'cooldown.svg'];

it.each(steady)('docs/policy/%s is current; otherwise run: npm run docs', (name) => {
  expect(readFileSync(join(docs, 'policy', name), 'utf8')).toBe(policyPictures().get(name));
});

it('shows every picture, and none that is not made', () => {
  const shown = [...text.matchAll(/\]\(policy\/([\w.-]+)\)/g)].map(([, name]) => String(name));
  expect(shown.sort()).toEqual([...policyPictures().keys()].sort());
  for (const name of shown) expect(existsSync(join(docs, 'policy', name))).toBe(true);
});

it('has an example that the config accepts', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const { policy } = parse(example) as { policy: unknown };
  expect(policySchema.parse(policy).schedules).toHaveLength(3);
});

it('names knobs that exist, and the limits of the code', () => {
  const knobs = Object.keys(describeKeys(policySchema).properties ?? {});
  const headings = [...text.matchAll(/^## (.+)$/gm)].flatMap(([, title]) =>
    String(title).split(', '),
  );
  for (const name of headings) expect(knobs.some((knob) => knob.startsWith(name))).toBe(true);
  expect(text).toContain(`At most ${mostSchedules},`);
});

it('the example of the config accepts its schedule, when it is taken in', () => {
  const file = readFileSync(join(docs, '../bridges.example.yaml'), 'utf8');
  const taken = file.replace(/^ {2}# (schedules:| {2})/gm, '  $1');
  const { policy } = parse(taken) as { policy: unknown };
  expect(policySchema.parse(policy).schedules).toMatchObject([{ name: 'office', hold: 4 }]);
});
