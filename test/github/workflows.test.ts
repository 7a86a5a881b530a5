import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const project = join(__dirname, '../..');
const folder = join(project, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

interface Job {
  readonly steps?: readonly { readonly run?: string }[];
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
}
interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(folder).map(
  (file) => [file, parse(readFileSync(join(folder, file), 'utf8')) as Workflow] as const,
);
const commandsOf = ({ jobs }: Workflow): readonly string[] =>
  Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));

it.each(workflows)('%s runs scripts that exist', (_, workflow) => {
  const commands = commandsOf(workflow);
  expect(commands.length).toBeGreaterThan(2);
  for (const command of commands) {
    const [, script = 'test'] = /^npm (?:run )?([\w:-]+)/.exec(command) ?? [];
    if (!['ci', 'pack'].includes(script)) expect(Object.keys(scripts)).toContain(script);
    for (const [path] of command.matchAll(/\bscripts\/\S+/g))
      expect(existsSync(join(project, path))).toBe(true);
  }
});

it('runs every part of the end-to-end tests, and both generations of the story', () => {
  const [, ci] = workflows.find(([file]) => file === 'ci.yml') ?? [];
  const shards = ci?.jobs['end-to-end']?.strategy?.matrix['shard'] ?? [];
  expect(shards).toEqual(shards.map((_, index) => `${index + 1}/${shards.length}`));
  expect(shards.length).toBeGreaterThan(1);
  expect(ci?.jobs['story']?.strategy?.matrix['generation']).toEqual(['muc', 'component']);
});

it('tests on the version of Node.js that .nvmrc names', () => {
  const [, ci] = workflows.find(([file]) => file === 'ci.yml') ?? [];
  const version = readFileSync(join(project, '.nvmrc'), 'utf8').trim();
  expect(ci?.jobs['units']?.strategy?.matrix['node']).toContain(version);
});
