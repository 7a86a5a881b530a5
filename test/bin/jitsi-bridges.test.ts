import { execFile, execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { bundleCommand } from '../../scripts/build/bundle-command.cjs';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'jitsi-bridges-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

const noAws = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** Runs a clone's launcher, without settings of AWS. */
function start(args: readonly string[], clone = root, env = {}): Promise<Ended> {
  const { PATH, HOME } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      [join(clone, 'bin/jitsi-bridges.cjs'), ...args],
      { env: { PATH, HOME, ...noAws, ...env } },
      (error, out, errors) =>
        done({ code: typeof error?.code === 'number' ? error.code : 0, out, errors }),
    );
  });
}

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(await start(['--version'])).toEqual({ code: 0, out: `${version}\n`, errors: '' });
});

test('--help shows every command', async () => {
  const { code, out } = await start(['--help']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: jitsi-bridges /);
  for (const command of ['status', 'plan', 'scale', 'drain', 'simulate', 'bake'])
    expect(out).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
});

test.each([
  ['an unknown command', ['stauts'], 2, /Did you mean status\?/],
  ['no region', ['--function', 'x', 'status'], 1, /^jitsi-bridges: .*set AWS_REGION/],
  [
    'a config that is not there',
    ['simulate', '--config', 'no.yaml'],
    2,
    /^jitsi-bridges: no\.yaml/,
  ],
])('%s ends with its exit code and a sentence', async (_, args, code, errors) => {
  expect(await start(args)).toEqual({
    code,
    out: '',
    errors: expect.stringMatching(errors) as unknown,
  });
});

test('npx finds the command of the clone', () => {
  const out = execFileSync('npx', ['--offline', 'jitsi-bridges', '--help'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(out).toMatch(/^Usage: jitsi-bridges /);
});

describe('the bundle', () => {
  const metafile = bundleCommand(join(folder, 'bundle'));

  /** Packages that a part brings in with all that it imports at once. */
  function loadedBy(part: RegExp): ReadonlySet<string> {
    const [first = ''] = Object.keys(metafile.outputs).filter((name) => part.test(name));
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const { path, kind } of metafile.outputs[name]?.imports ?? [])
        if (kind === 'import-statement') visit(path);
    };
    visit(first);
    const inputs = [...seen].flatMap((name) => Object.keys(metafile.outputs[name]?.inputs ?? {}));
    return new Set(
      inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
    );
  }

  test('never has the CDK in it', () => {
    const inputs = Object.keys(metafile.inputs);
    expect(
      inputs.filter((input) => /node_modules\/(aws-cdk-lib|constructs|cdk-nag)\//.test(input)),
    ).toEqual([]);
  });

  test('starts with the command line alone', () => {
    expect([...loadedBy(/\/jitsi-bridges\.mjs$/)]).toEqual(['commander']);
  });

  test('loads for `status` only what calls a function', () => {
    const loaded = loadedBy(/\/invoke-target-/);
    expect(loaded).toContain('@aws-sdk/client-lambda');
    for (const heavy of ['zod', 'yaml', '@aws-sdk/client-ec2', '@aws-sdk/client-cloudwatch'])
      expect(loaded).not.toContain(heavy);
  });
});

describe('in a clone', () => {
  /** As much of a clone as the launcher needs, with its own sources. */
  function clone(name: string): string {
    const target = join(folder, name);
    mkdirSync(target);
    for (const part of ['bin', 'cli', 'sim', 'lib', 'lambdas', 'scripts/build'])
      cpSync(join(root, part), join(target, part), { recursive: true });
    for (const file of ['package.json', 'package-lock.json', 'tsconfig.json'])
      cpSync(join(root, file), join(target, file));
    symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
    return target;
  }

  test('is bundled at the first start, and again when a source has changed', async () => {
    const here = clone('changing');
    expect((await start(['--help'], here)).out).toContain('fleet of Jitsi Videobridges');
    const entry = join(here, 'dist/bin/jitsi-bridges.mjs');
    const first = readFileSync(entry, 'utf8');
    utimesSync(entry, 0, 0);
    await start(['--help'], here);
    expect(readFileSync(entry, 'utf8')).toBe(first);
    const source = join(here, 'cli/program.ts');
    const changed = readFileSync(source, 'utf8').replace('fleet of Jitsi Videobridges', 'herd');
    writeFileSync(source, changed);
    expect((await start(['--help'], here)).out).toContain('herd');
  });

  test('two first starts at once both work', async () => {
    const here = clone('twice');
    const ended = await Promise.all([start(['--version'], here), start(['--version'], here)]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  });

  test('that cannot be written to, the command works all the same', async () => {
    const here = clone('foreign');
    writeFileSync(join(here, 'dist'), 'in the way, whoever one is');
    const temporary = join(folder, 'temporary');
    mkdirSync(temporary);
    const ended = await start(['--version'], here, { TMPDIR: temporary });
    expect(ended).toMatchObject({ code: 0, errors: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });
});
