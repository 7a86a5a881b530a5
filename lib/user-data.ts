import { gzipSync } from 'node:zlib';

import type { FleetConfig } from './config/schema';
import { assignments, readUserdata, shellValues, type ShellVariable } from './shell-script';

/** EC2's limit, before its own base64. */
export const userDataLimitBytes = 16_384;

/** Environment of the programs on a bridge; a file there keeps it for those that run later. */
const bridgeVariables: readonly ShellVariable[] = [
  'fleet',
  'domain',
  'serverKind',
  'generation',
  'region',
  'parameters',
  'statsNode',
  'brewery',
  'serverAddress',
  'hostNamespace',
  'packageUrl',
  'packageSuite',
  'packageKeyUrl',
  'packageKeyFingerprint',
  'packageVersion',
];

const folder = '/opt/jitsi-bridges';
const programs = ['boot.sh', 'bridge.sh', 'watchdog.sh'];
const sourced = ['common.bash', 'packages.bash', 'component.bash', 'muc.bash'];
const units = ['jitsi-bridges-boot.service', 'jitsi-bridges-watchdog.service'];

/**
 * User data of every bridge of a fleet: one text for all, since what is a bridge's own it learns
 * from its metadata and its secret from SSM. The fleet's settings are readable, as CloudFormation
 * may have to fill some in; the programs are one compressed script that writes them, as they would
 * not fit the limit.
 */
export function bridgeUserData(config: FleetConfig, region: string): string {
  return [
    '#!/bin/bash',
    `mkdir -p ${folder}`,
    `cat >${folder}/env <<'JITSI_BRIDGES_END'`,
    ...assignments(shellValues(config, region), bridgeVariables),
    'JITSI_BRIDGES_END',
    "base64 -d <<'JITSI_BRIDGES_END' | gunzip | bash",
    ...compressed(installer()),
    'JITSI_BRIDGES_END',
    `exec ${folder}/boot.sh`,
    '',
  ].join('\n');
}

/**
 * User data of a machine that an image of the fleet is made of: the stages that install, then
 * power off.
 */
export function bakeUserData(config: FleetConfig, region: string): string {
  return bridgeUserData(config, region).replace('\n', '\nexport BRIDGES_BAKE=1\n');
}

/** Script that writes the programs of a bridge. */
function installer(): string {
  const files = [
    ...programs.map((name) => ({ name, mode: '755' })),
    ...[...sourced, ...units].map((name) => ({ name, mode: '644' })),
  ];
  return files
    .flatMap(({ name, mode }) => hereDocument(`${folder}/${name}`, mode, `bridge/${name}`))
    .join('\n');
}

/** Text, not base64: it is compressed as a whole. */
function hereDocument(file: string, mode: string, source: string): string[] {
  return [
    `cat >${file}.new <<'END_OF_FILE'`,
    readUserdata(source).trimEnd(),
    'END_OF_FILE',
    `chmod ${mode} ${file}.new && mv -f ${file}.new ${file}`,
  ];
}

/**
 * Lines of base64. The same on every system that deploys, so that a deployment without changes has
 * none.
 */
function compressed(text: string): string[] {
  const bytes = gzipSync(text, { level: 9 });
  // The header's field for the system it was made on: unknown.
  bytes[9] = 255;
  return bytes.toString('base64').match(/.{1,1000}/g) ?? [];
}
