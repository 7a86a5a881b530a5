import type { FleetConfig } from './config/schema';
import { assignments, readUserdata, shellValues, type ShellVariable } from './shell-script';

/** EC2's limit, before its own base64. */
export const userDataLimitBytes = 16_384;

const bootVariables: readonly ShellVariable[] = [
  'fleet',
  'domain',
  'generation',
  'region',
  'parameters',
  'statsNode',
  'serverAddress',
  'packageUrl',
  'packageSuite',
  'packageKeyUrl',
  'packageKeyFingerprint',
  'packageVersion',
];

/**
 * User data of every bridge of a fleet: one text for all, since what is a bridge's own it learns from
 * its metadata and its secret from SSM. Quoted here documents, as base64 would not fit the limit.
 */
export function bridgeUserData(config: FleetConfig, region: string): string {
  return [
    '#!/bin/bash',
    'mkdir -p /opt/jitsi-bridges',
    ...hereDocument(
      '/opt/jitsi-bridges/env',
      assignments(shellValues(config, region), bootVariables),
    ),
    ...hereDocument('/opt/jitsi-bridges/bridge.sh', [readUserdata('bridge/bridge.sh').trimEnd()]),
    'chmod 755 /opt/jitsi-bridges/bridge.sh',
    'set -a; . /opt/jitsi-bridges/env; set +a',
    readUserdata('bridge/boot.sh'),
  ].join('\n');
}

function hereDocument(file: string, lines: readonly string[]): string[] {
  return [`cat >${file} <<'JITSI_BRIDGES_END'`, ...lines, 'JITSI_BRIDGES_END'];
}
