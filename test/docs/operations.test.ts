import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { alarmNames } from '../../lib/alarms';
import { failuresToOpen, openSeconds } from '../../lambdas/core/plan/breaker';
import { collectorUser, statsNode } from '../../lambdas/core/protocol/xmpp-names';
import { shellEnvironment } from '../../lambdas/core/protocol/environment';
import { commandSchema } from '../../lambdas/core/protocol/command';

const runbook = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => String(title));

/** Text below a heading, up to the next one. */
function section(title: string): string {
  const [, rest = ''] = runbook.split(`\n## ${title}\n`);
  return rest.split('\n## ')[0] ?? '';
}

/** The same without line breaks in sentences. */
function sentences(title: string): string {
  return section(title).replace(/\s+/g, ' ');
}

it.each(alarmNames)('%s has a section that says what it means and what to do', (name) => {
  const parts = section(name).split(/^### (.+)$/m);
  const titles = parts.filter((_, index) => index % 2 === 1);
  expect(titles).toEqual(['Meaning', 'Automatic response', 'Investigate', 'Fix']);
  for (const text of parts.filter((_, index) => index > 0 && index % 2 === 0))
    expect(text.trim().length).toBeGreaterThan(20);
});

it('has no section for an alarm that does not exist', () => {
  expect(headings.filter((title) => /^[A-Z][a-z]+([A-Z][a-z]+)+$/.test(title))).toEqual([
    ...alarmNames,
  ]);
});

it('shows commands that the scaler takes', () => {
  const events = [...runbook.matchAll(/scaler '(\{.*?\})'/g)].map(([, json]) => String(json));
  expect(events.length).toBeGreaterThan(3);
  for (const event of events) {
    const command: unknown = JSON.parse(event.replace('i-…', 'i-0123456789abcdef0'));
    expect(commandSchema.safeParse(command).error).toBeUndefined();
  }
});

it('says the names and figures of the code', () => {
  expect([failuresToOpen, openSeconds]).toEqual([3, 600]);
  expect(sentences('A bridge does not start')).toContain('Three in a row stop launches');
  expect(sentences('A bridge does not start')).toContain('one try every ten minutes');
  expect(runbook).toContain(`${collectorUser}@auth.`);
  const undo = section('Remove a fleet');
  for (const name of [
    'fleet',
    'domain',
    'generation',
    'statsNode',
    'collectorUser',
    'serverAddress',
  ] as const)
    expect(undo).toContain(`${shellEnvironment[name]}=`);
  expect(undo).toContain(`${shellEnvironment.statsNode}=${statsNode} `);
  expect(undo).toContain(`${shellEnvironment.collectorUser}=${collectorUser} `);
});

it('names every stage of a boot', () => {
  const boot = readFileSync(join(__dirname, '../../userdata/bridge/boot.sh'), 'utf8');
  const stages = /^stages=\((.+)\)$/m.exec(boot)?.[1]?.split(' ') ?? [];
  expect(stages).toHaveLength(7);
  for (const stage of stages)
    expect(section('A bridge does not start')).toMatch(new RegExp(`\\| \`${stage}\` +\\|`));
});
