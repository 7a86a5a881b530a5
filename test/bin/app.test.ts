import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(__dirname, '../..');
const assembly = mkdtempSync(join(tmpdir(), 'bridges-app-'));
afterAll(() => rmSync(assembly, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs a program with nothing in its environment but what is given: no credentials, no region, no
 * home.
 */
function run(file: string, args: readonly string[], environment: object = {}): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      file,
      args,
      {
        cwd: root,
        env: { PATH: process.env['PATH'], HOME: assembly, ...environment },
        timeout: 150_000,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) =>
        resolve({
          code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1,
          output: `${stdout}${stderr}`,
        }),
    );
  });
}

const cdk = (...args: string[]) => cdkIn({}, ...args);
const cdkIn = (environment: object, ...args: string[]) =>
  run(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), ...['--no-color', '--no-notices', ...args]],
    environment,
  );

const templateFile = join(assembly, 'out', 'JitsiBridges-main.template.json');

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly Environment?: { readonly Variables: Record<string, unknown> } };
  readonly Metadata?: Record<string, string>;
}

const resources = (): [string, Resource][] => {
  const template = JSON.parse(readFileSync(templateFile, 'utf8')) as {
    Resources: Record<string, Resource>;
  };
  return Object.entries(template.Resources);
};

/** As their logical ids begin, after `Fleet`. */
const functions = ['Collector', 'Filter', 'Scaler', 'Reader', 'Registrar', 'TeardownEmpties'];

describe('cdk synth of the example', () => {
  let synth: Ended;
  beforeAll(async () => {
    synth = await cdk(
      'synth',
      '--quiet',
      ...['-c', 'config=bridges.example.yaml', '--output', join(assembly, 'out')],
    );
  });

  it('works without credentials, region and look-ups', () => {
    expect(synth).toMatchObject({ code: 0 });
    const manifest = JSON.parse(readFileSync(join(assembly, 'out', 'manifest.json'), 'utf8')) as {
      missing?: unknown;
    };
    expect(manifest.missing).toBeUndefined();
  });

  it('tells what reservations need before anything is deployed', () => {
    expect(synth.output).toContain('aws lambda get-account-settings');
  });

  it('makes a template that cfn-lint has nothing to say about', async () => {
    const environments = join(root, '.local/cache/venv/bin');
    const lint = await run(
      'cfn-lint',
      // W3005: CDK writes DependsOn where a reference says the same.
      ['--template', templateFile, '--ignore-checks', 'W3005', '--non-zero-exit-code', 'warning'],
      { PATH: [environments, process.env['PATH']].join(delimiter) },
    );
    expect(lint).toEqual({ code: 0, output: '' });
  });

  test.each(functions)(
    'bundles %s so that it loads by itself, in the environment that the template gives it',
    async (name) => {
      const [, found] = resources().find(([id]) => id.startsWith(`Fleet${name}Function`)) ?? [];
      const asset = found?.Metadata?.['aws:asset:path'] ?? 'none';
      // What CloudFormation fills in is JSON text in one variable and a name in the others.
      const variables = Object.fromEntries(
        Object.entries(found?.Properties.Environment?.Variables ?? {}).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : joined(value),
        ]),
      );
      const bundle = join(assembly, 'out', asset, 'index.js');
      const script = `console.log(typeof require(${JSON.stringify(bundle)}).handler); process.exit()`;
      const loaded = await run(process.execPath, ['--no-warnings', '-e', script], {
        ...variables,
        AWS_REGION: 'eu-central-1',
      });
      expect(loaded).toEqual({ code: 0, output: 'function\n' });
    },
  );

  it('ships no file beside bundle and source map', () => {
    const assets = readdirSync(join(assembly, 'out')).filter((name) => name.startsWith('asset.'));
    expect(assets).toHaveLength(functions.length);
    for (const asset of assets)
      expect(readdirSync(join(assembly, 'out', asset)).sort()).toEqual([
        'index.js',
        'index.js.map',
      ]);
  });
});

/** A value of the template as text; references become a placeholder. */
function joined(value: unknown): string {
  const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, unknown[]] };
  if (join === undefined) return 'placeholder';
  return join[1].map((part) => (typeof part === 'string' ? part : joined(part))).join(join[0]);
}

describe('without a config', () => {
  const missing = 'config: is missing. Add -c config=FILE; bridges.example.yaml is an example';
  const output = ['--output', join(assembly, 'none')];

  it('lets cdk bootstrap go on to AWS', async () => {
    const nobody = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    };
    const environment = 'aws://123456789012/us-east-1';
    const bootstrap = await cdkIn(nobody, 'bootstrap', environment, ...output);
    expect(bootstrap.output).toContain(`Bootstrapping environment ${environment}`);
    expect(bootstrap.output).toContain('connect ECONNREFUSED 127.0.0.1:9');
  });

  it('has every command that needs one end with a sentence', async () => {
    const synth = await cdk('synth', '--quiet', ...output);
    expect(synth.code).toBe(1);
    expect(synth.output).toContain(missing);
    expect(synth.output).not.toMatch(/^ {4}at /m);
  });
});

test.each([['with a file that is not there', ['-c', 'config=none.yaml'], 'none.yaml is invalid:']])(
  'ends with a sentence and no stack trace %s',
  async (_, args, expected) => {
    const { code, output } = await run(
      process.execPath,
      [join(root, 'node_modules/tsx/dist/cli.mjs'), 'bin/app.ts'],
      { CDK_CONTEXT_JSON: JSON.stringify({ config: args[1]?.replace('config=', '') }) },
    );
    expect(code).toBe(1);
    expect(output).toContain(expected);
    expect(output).not.toMatch(/^ {4}at /m);
  },
);
