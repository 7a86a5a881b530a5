import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { parseConfig } from '../../lib/config/parse-config';
import { fleetSchema } from '../../lib/config/schema';
import { bridgeUserData } from '../../lib/user-data';
import { smallestFleet } from './config/example-config';

it('is bash that parses', () => {
  const config = parseConfig(fleetSchema, smallestFleet, 'test');
  execFileSync('bash', ['-n'], { input: bridgeUserData(config, 'eu-central-1') });
});

it('carries a value with quotes in it through the shell unchanged', () => {
  const config = parseConfig(fleetSchema, smallestFleet, 'test');
  const suite = `sta'ble "$HOME"/`;
  const lines = bridgeUserData(
    { ...config, packages: { ...config.packages, suite } },
    'eu-central-1',
  ).split('\n');
  const assignment = lines.find((line) => line.startsWith('BRIDGES_PACKAGE_SUITE=')) ?? '';
  const output = execFileSync('bash', ['-c', `${assignment}; printf %s "$BRIDGES_PACKAGE_SUITE"`]);
  expect(output.toString()).toBe(suite);
});

it('gives the programs of a bridge no variable that none of them reads', () => {
  const config = parseConfig(fleetSchema, smallestFleet, 'test');
  const userData = bridgeUserData(config, 'eu-central-1');
  const given = [...userData.matchAll(/^(BRIDGES_\w+)=/gm)].map(([, name]) => name ?? '');
  const programs = readdirSync('userdata/bridge')
    .filter((name) => /\.(sh|bash)$/.test(name))
    .map((name) => readFileSync(`userdata/bridge/${name}`, 'utf8'));
  expect(given.length).toBeGreaterThan(10);
  for (const name of given) expect(programs.join('\n')).toMatch(new RegExp(`\\b${name}\\b`));
});

it('holds each program of a bridge as it is in the repository', () => {
  const config = parseConfig(fleetSchema, smallestFleet, 'test');
  const userData = bridgeUserData(config, 'eu-central-1');
  const archive = /base64 -d <<'(\w+)' \| gunzip \| bash\n([\s\S]*?)\n\1/.exec(userData)?.[2] ?? '';
  const installer = gunzipSync(Buffer.from(archive, 'base64')).toString();
  const files = readdirSync('userdata/bridge').filter((name) => /\.(sh|bash|service)$/.test(name));
  expect(files.length).toBeGreaterThan(5);
  for (const name of files) {
    expect(installer).toContain(`cat >/opt/jitsi-bridges/${name}.new <<'END_OF_FILE'\n`);
    expect(installer).toContain(readFileSync(`userdata/bridge/${name}`, 'utf8'));
  }
});
