import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { parameterNames } from '../lambdas/core/protocol/parameters';
import { collectorUser, statsNode } from '../lambdas/core/protocol/xmpp-names';
import { hostMetricNamespace } from '../lambdas/core/protocol/metrics';
import { shellEnvironment } from '../lambdas/core/protocol/environment';
import { breweryOf, type FleetConfig } from './config/schema';

/** A file of `userdata/` that a script puts on a machine. */
export interface InstalledFile {
  /** Below `userdata/`. */
  readonly source: string;
  readonly target: string;
  /** Octal. */
  readonly mode: string;
}

/** Text of a file below `userdata/`. */
export function readUserdata(source: string): string {
  return readFileSync(join(__dirname, '..', 'userdata', source), 'utf8');
}

/**
 * Lines of POSIX shell that put files in their places, each at once, since another run may be
 * executing the old one, or be putting the same file there: each run writes to a name of its own
 * process first. Compressed as one, because SSM takes documents of 64 KB; each file is some lines
 * of the whole.
 *
 * @throws RangeError when a file does not end with its last line
 */
export function installLines(files: readonly InstalledFile[]): string[] {
  const texts = files.map(({ source }) => readUserdata(source));
  const odd = files.find((_, index) => texts[index]?.endsWith('\n') !== true);
  if (odd !== undefined) throw new RangeError(`userdata/${odd.source} must end with a newline`);
  const content = gzipSync(texts.join(''), { level: 9 }).toString('base64');
  let last = 0;
  const places = files.flatMap(({ target, mode }, index) => {
    const first = last + 1;
    last += (texts[index] ?? '').split('\n').length - 1;
    return [
      `install -d -m 755 ${folderOf(target)}`,
      `sed -n '${String(first)},${String(last)}p' "$files" > ${target}.$$.new`,
      `chmod ${mode} ${target}.$$.new`,
      `mv -f ${target}.$$.new ${target}`,
    ];
  });
  return [
    'files=$(mktemp)',
    `base64 -d <<'END_OF_FILES' | gzip -dc > "$files"`,
    ...(content.match(/.{1,120}/g) ?? []),
    'END_OF_FILES',
    ...places,
    'rm -f "$files"',
  ];
}

function folderOf(path: string): string {
  return path.replace(/\/[^/]+$/, '');
}

export type ShellVariable = keyof typeof shellEnvironment;

/** The values of {@link shellEnvironment} for one fleet. None of them is secret. */
export function shellValues(
  config: FleetConfig,
  region: string,
): Readonly<Record<ShellVariable, string>> {
  return {
    fleet: config.fleet,
    domain: config.domain ?? '',
    serverKind: config.server.kind,
    composeProject: config.server.composeProject ?? '',
    generation: config.generation,
    region,
    parameters: parameterNames(config.fleet).root,
    statsNode,
    brewery: breweryOf(config) ?? '',
    collectorUser,
    serverAddress: config.server.privateAddress,
    componentInterface: config.server.componentInterface,
    hostNamespace: hostMetricNamespace,
    packageUrl: config.packages.url,
    packageSuite: config.packages.suite,
    packageKeyUrl: config.packages.keyUrl,
    packageKeyFingerprint: config.packages.keyFingerprint,
    packageVersion: config.packages.version,
  };
}

/** `NAME='value'` lines for some of the variables. */
export function assignments(
  values: Readonly<Record<ShellVariable, string>>,
  variables: readonly ShellVariable[],
): string[] {
  return variables.map((name) => `${shellEnvironment[name]}=${quoted(values[name])}`);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
