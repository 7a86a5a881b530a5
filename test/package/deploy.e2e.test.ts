/**
 * The package in a project that has nothing else, deployed to the embedded cloud and commanded
 * from there.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';

import { startRealCloud, type RealCloud } from '../local/aws/real-cloud';
import { Consumer, documentedExample, must, root, run } from './consumer';

let cloud: RealCloud;
let consumer: Consumer;

beforeAll(async () => {
  cloud = await startRealCloud();
  consumer = await Consumer.create();
  // The local cloud has none of Ubuntu's published images: the example names one of its own.
  const example = documentedExample().replace(
    /^(\s*)policy:/m,
    "$1bridge: { imageId: 'ami-0a0a0a0a0a0a0a0a0' },\n$1policy:",
  );
  consumer.write('app.cts', example);
  await consumer.compile(['app.cts']);
});
afterAll(async () => {
  await cloud.close();
  rmSync(consumer.folder, { recursive: true });
});

const environment = (): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: cloud.client.endpoint,
  AWS_REGION: cloud.client.region,
  AWS_ACCESS_KEY_ID: cloud.client.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: cloud.client.credentials.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
});

const cdk = (...args: readonly string[]): Promise<string> =>
  must(process.execPath, [join(root, 'node_modules/aws-cdk/bin/cdk'), '--ci', ...args], {
    cwd: consumer.folder,
    env: environment(),
  });

test('a fleet in a stack of its own deploys, and the command finds it', async () => {
  // The role of the Jitsi Meet server is there before the fleet.
  await new IAMClient(cloud.client).send(
    new CreateRoleCommand({ RoleName: 'jitsi-meet-server', AssumeRolePolicyDocument: '{}' }),
  );
  await cdk('bootstrap', `aws://123456789012/${cloud.client.region}`, '--app', '');
  await cdk('deploy', '--app', 'node app.cjs', '--require-approval', 'never');
  // This cloud gives its functions no way to AWS, so the reader is found, invoked, and says so.
  const { output } = await run('npx', ['--offline', 'jitsi-bridges', 'status', '--json'], {
    cwd: consumer.folder,
    env: environment(),
  });
  expect(output).toContain('the function failed: Runtime.HandlerError: connect ECONNREFUSED');
});
