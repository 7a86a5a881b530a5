/** The package as it is published, in projects that have nothing else. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { Consumer, documentedExample, must, root, run, templatesOf } from './consumer';

const example = documentedExample();

const functionNames = readdirSync(join(root, 'lambdas')).filter((name) =>
  readdirSync(join(root, 'lambdas', name)).includes('handler.ts'),
);

let consumer: Consumer;
let examples: readonly string[];

beforeAll(async () => {
  consumer = await Consumer.create();
  examples = consumer.takeExamples();
  consumer.write('common-js.cts', example);
  consumer.write('es-module.mts', example);
  consumer.write(
    'plain.cjs',
    example.replace(/import (.*) from ('.*')/g, 'const $1 = require($2)'),
  );
  await consumer.compile([
    'common-js.cts',
    'es-module.mts',
    ...examples.map((name) => `examples/${name}/app.ts`),
  ]);
});
afterAll(() => rmSync(consumer.folder, { recursive: true }));

test('npm has nothing to say about what it depends on', async () => {
  expect(await run('npm', ['ls'], { cwd: consumer.folder })).toMatchObject({ code: 0 });
});

test('has what it needs and nothing that only a clone needs', () => {
  const files = readdirSync(consumer.installed(), { recursive: true, encoding: 'utf8' });
  for (const name of functionNames)
    expect(files).toEqual(
      expect.arrayContaining([
        `dist/lambdas/${name}/index.js`,
        `dist/lambdas/${name}/index.js.map`,
      ]),
    );
  expect(files).toEqual(
    expect.arrayContaining([
      ...['LICENSE', 'README.md', 'CHANGELOG.md', 'bridges.example.yaml', 'docs/operations.md'],
      ...['dist/THIRD_PARTY_LICENSES', 'dist/lib/index.d.ts', 'dist/userdata/bridge/boot.sh'],
    ]),
  );
  const strange = files.filter((file) =>
    /^(test|local|sim|scripts|examples|userdata|lib|cli|lambdas|docs\/(benchmark|decisions))\b|inputs\.json$|(?<!\.d)\.ts$/.test(
      file,
    ),
  );
  expect(strange).toEqual([]);
});

test('publint and arethetypeswrong find nothing', async () => {
  const bin = (name: string): string => join(root, 'node_modules/.bin', name);
  const lint = [consumer.installed(), '--strict', '--pack', 'false'];
  expect(await run(bin('publint'), lint, { cwd: root })).toMatchObject({ code: 0 });
  expect(await run(bin('attw'), [consumer.tarball], { cwd: root })).toMatchObject({ code: 0 });
});

test.each([
  ['TypeScript as CommonJS', 'common-js.cjs'],
  ['TypeScript as an ES module', 'es-module.mjs'],
  ['plain JavaScript', 'plain.cjs'],
])('the example of docs/api.md synthesizes in %s', async (_, app) => {
  const templates = templatesOf(await consumer.synthesize(app));
  expect([...templates.keys()]).toEqual(['Meetings']);
  const resources = Object.values(templates.get('Meetings')?.Resources ?? {});
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions).toHaveLength(functionNames.length);
});

describe('examples', () => {
  const assemblies = new Map<string, string>();
  beforeAll(async () => {
    for (const name of examples) {
      const folder = join(consumer.folder, 'examples', name);
      assemblies.set(name, await consumer.synthesize('app.js', folder));
    }
  });
  const templatesOfExample = (name: string) => templatesOf(assemblies.get(name) ?? '');

  test('all synthesize', () => {
    const stacks = examples.map((name) => [name, ...templatesOfExample(name).keys()]);
    expect(stacks).toEqual([
      ['existing-server', 'Meetings'],
      ['several-fleets', 'Bridges-eu-central-1', 'Bridges-us-east-1'],
      ['spot-and-schedules', 'JitsiBridges-main'],
      ['tutorial-component', 'JitsiBridges-main'],
    ]);
  });

  test('tell the command how to find the fleet', () => {
    const outputs = Object.keys(
      templatesOfExample('existing-server').get('Meetings')?.Outputs ?? {},
    );
    expect(outputs).toEqual(
      expect.arrayContaining(['BridgesFleetName', 'BridgesScalerFunctionName']),
    );
  });

  test('take versions that the package allows, and it itself', () => {
    const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly version: string;
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    const known = { ...own.devDependencies, 'jitsi-bridge-autoscaler': own.version };
    for (const name of examples) {
      const { dependencies, devDependencies } = JSON.parse(
        readFileSync(join(root, 'examples', name, 'package.json'), 'utf8'),
      ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
      expect({ name, known }).toMatchObject({
        name,
        known: { ...dependencies, ...devDependencies },
      });
    }
  });

  test('a deployment from a clone is that from the package, to the byte', async () => {
    const assembly = consumer.makeFolder('clone');
    const config = join(root, 'examples/tutorial-component/bridges.yaml');
    await must(process.execPath, [join(root, 'node_modules/tsx/dist/cli.mjs'), 'bin/app.ts'], {
      cwd: root,
      env: { CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: JSON.stringify({ config }) },
    });
    // cdk-nag, which only the clone's app runs, adds nothing to it.
    expect(templatesOf(assembly)).toEqual(templatesOfExample('tutorial-component'));
  });
});

test('npx jitsi-bridges is the command, with the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const npx = (...args: string[]) => run('npx', ['--offline', ...args], { cwd: consumer.folder });
  expect(await npx('jitsi-bridges', '--version')).toMatchObject({
    code: 0,
    output: `${version}\n`,
  });
  expect((await npx('jitsi-bridges', '--help')).output).toMatch(/^Usage: jitsi-bridges /);
});

test('the command simulates by the config file that is in the package', async () => {
  const lines = Array.from({ length: 300 }, (_, bin) => `${1_767_225_600 + bin * 300},1.5`);
  consumer.write('load.csv', ['time,load', ...lines].join('\n'));
  const simulate = ['simulate', '--config', consumer.installed('bridges.example.yaml'), '--json'];
  const output = await must(
    process.execPath,
    [
      consumer.installed('bin/jitsi-bridges.cjs'),
      ...simulate,
      '--trace',
      'load.csv',
      '--seeds',
      '1',
    ],
    { cwd: consumer.folder },
  );
  expect(JSON.parse(output)).toMatchObject({ fleet: 'main', seeds: 1 });
});
