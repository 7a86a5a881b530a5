import { App, Aspects } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { ConfigError } from '../lib/config/parse-config';
import { FleetStack } from '../lib/fleet-stack';

/** The CDK app: one stack for the fleet that `-c config=FILE` describes. */
function main(): void {
  const app = new App();
  const file: unknown = app.node.tryGetContext('config');
  if (typeof file !== 'string' || file === '')
    throw new ConfigError('The command', [
      'config: is missing. Add -c config=FILE; bridges.example.yaml is an example',
    ]);
  FleetStack.fromFile(app, file);
  Aspects.of(app).add(new AwsSolutionsChecks());
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // What the operator has to mend is in the message; a stack trace would only bury it.
  console.error(error.message);
  process.exitCode = 1;
}
