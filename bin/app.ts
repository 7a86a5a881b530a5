import { Annotations, App, Aspects, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';

import { ConfigError } from '../lib/config/parse-config';
import { FleetStack } from '../lib/fleet-stack';

const missing = 'config: is missing. Add -c config=FILE; bridges.example.yaml is an example';

/** The CDK app: one stack for the fleet that `-c config=FILE` describes. */
function main(): void {
  const app = new App();
  const file: unknown = app.node.tryGetContext('config');
  if (typeof file === 'string' && file !== '') {
    FleetStack.fromFile(app, file);
    Aspects.of(app).add(new AwsSolutionsChecks());
  } else standIn(app);
  app.synth();
}

/**
 * `cdk bootstrap` runs the app too, and fails when it has no stack. Bootstrapping needs no config,
 * so there is a stack that every other command rejects.
 */
function standIn(app: App): void {
  console.error(`${missing}. Only cdk bootstrap and cdk list work without it.`);
  Annotations.of(new Stack(app, 'JitsiBridges')).addError(missing);
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  // What the operator has to mend is in the message; a stack trace would only bury it.
  console.error(error.message);
  process.exitCode = 1;
}
