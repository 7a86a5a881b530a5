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
 * Lines of POSIX shell that put a file in its place at once, since another run may be executing the old one,
 * or be putting the same file there: each writes to a name of its own process first.
 * Compressed, because SSM takes documents of 64 KB.
 */
export function installLines({ source, target, mode }: InstalledFile): string[] {
  const folder = target.replace(/\/[^/]+$/, '');
  const content = gzipSync(readUserdata(source), { level: 9 }).toString('base64');
  return [
    `install -d -m 755 ${folder}`,
    `base64 -d <<'END_OF_FILE' | gzip -dc > ${target}.$$.new`,
    ...(content.match(/.{1,120}/g) ?? []),
    'END_OF_FILE',
    `chmod ${mode} ${target}.$$.new`,
    `mv -f ${target}.$$.new ${target}`,
  ];
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
