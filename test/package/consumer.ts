import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../..');

/** The example of docs/api.md that makes a `BridgeFleet`. */
export function documentedExample(): string {
  const page = readFileSync(join(root, 'docs/api.md'), 'utf8');
  const example = /```ts\n([^`]*new BridgeFleet[^`]*)```/.exec(page)?.[1];
  if (example === undefined) throw new Error('docs/api.md has no example');
  return example;
}

export interface Ended {
  readonly code: number;
  readonly output: string;
  /** The part of it that is standard output. */
  readonly stdout: string;
}

/** Runs a program; no setting of this run of the tests, or of npm's, is in its environment. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const { PATH, HOME, TMPDIR } = process.env;
  return new Promise((done) => {
    execFile(
      file,
      args,
      {
        cwd,
        env: { PATH, HOME, TMPDIR, ...env },
        maxBuffer: 256 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ code, output: `${stdout}${stderr}`, stdout });
      },
    );
  });
}

/** The same, and it must end well. @returns its standard output */
export async function must(...call: Parameters<typeof run>): Promise<string> {
  const { code, output, stdout } = await run(...call);
  if (code !== 0) throw new Error(`${call[0]} ${call[1].join(' ')} ended with ${code}:\n${output}`);
  return stdout;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** An empty project that has the package installed, as it would be published, and nothing else. */
export class Consumer {
  private constructor(
    readonly folder: string,
    readonly tarball: string,
  ) {}

  /**
   * Packs this clone and installs the package. What it depends on is linked from the clone, so
   * that no registry is asked; nothing is there that the package does not declare.
   */
  static async create(): Promise<Consumer> {
    const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
    await must('npm', ['pack', '--pack-destination', folder], { cwd: root });
    const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    const tarball = join(folder, name);
    await must('tar', ['xzf', tarball, 'package/package.json'], { cwd: folder });
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(folder, 'package/package.json'), 'utf8'),
    ) as Manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    const links = declared.map((one): [string, string] => [
      one,
      `file:${join(root, 'node_modules', one)}`,
    ]);
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({
        private: true,
        dependencies: {
          'jitsi-bridge-autoscaler': `file:${tarball}`,
          ...Object.fromEntries(links),
        },
      }),
    );
    // Without --legacy-peer-deps npm stumbles over peers that are links; `npm ls` checks them all
    // the same.
    const quiet = [
      '--offline',
      '--ignore-scripts',
      '--legacy-peer-deps',
      '--no-audit',
      '--no-fund',
    ];
    await must('npm', ['install', ...quiet], { cwd: folder });
    return new Consumer(folder, tarball);
  }

  /** Path of the installed package, or of a file in it. */
  installed(...path: readonly string[]): string {
    return join(this.folder, 'node_modules/jitsi-bridge-autoscaler', ...path);
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** Copies the examples of the clone. @returns their names */
  takeExamples(): readonly string[] {
    const source = join(root, 'examples');
    const names = readdirSync(source, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    for (const name of names)
      cpSync(join(source, name), join(this.folder, 'examples', name), {
        recursive: true,
        filter: (path) => !/node_modules|cdk\.out/.test(path),
      });
    return names;
  }

  /** Compiles TypeScript files to JavaScript beside them, with the checks of a strict project. */
  async compile(files: readonly string[]): Promise<void> {
    this.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          target: 'ES2022',
          lib: ['ES2023'],
          module: 'node16',
          strict: true,
          noUncheckedIndexedAccess: true,
          // The package's own declarations are checked too.
          skipLibCheck: false,
          types: ['node'],
          typeRoots: [join(root, 'node_modules/@types')],
        },
        files,
      }),
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    await must(process.execPath, [compiler, '-p', '.'], { cwd: this.folder });
  }

  /** Synthesizes an app as the CDK's command line does. @returns the folder with the templates */
  async synthesize(app: string, cwd = this.folder): Promise<string> {
    const assembly = mkdtempSync(join(this.folder, 'assembly-'));
    await must(process.execPath, [app], { cwd, env: { CDK_OUTDIR: assembly } });
    return assembly;
  }

  makeFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** Templates of an assembly by the names of their stacks. */
export function templatesOf(assembly: string): ReadonlyMap<string, Template> {
  const ending = '.template.json';
  return new Map(
    readdirSync(assembly)
      .filter((file) => file.endsWith(ending))
      .map((file) => [
        file.slice(0, -ending.length),
        JSON.parse(readFileSync(join(assembly, file), 'utf8')) as Template,
      ]),
  );
}

export interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}
