import { execFileSync } from 'node:child_process';

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
