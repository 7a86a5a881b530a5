import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import { parameterNames } from '../../../lambdas/core/protocol/parameters';
import { cloud, dummyCredentials } from '../../../local/cloud/addresses';
import { containers } from '../../../local/cloud/server-of-containers';
import { playWholeSystem, type WholeSystem } from './whole-system';

let system: WholeSystem;

beforeAll(async () => {
  system = await playWholeSystem('muc', 'docker');
});

afterAll(() => system.kill());

test('the story ends well with a docker-jitsi-meet: bridges launch, take conferences and drain', () => {
  expect(system.story).toMatchObject({
    ok: true,
    forcedDisconnects: 0,
    prosodySessionsDropped: 0,
  });
  expect(system.story.launched).toBeGreaterThanOrEqual(2);
  expect(system.story.secondsFromOverloadToFirstConference).not.toBeNull();
});

test('bridges and the collector have the names that were found on the server, which no config has', async () => {
  const ssm = new SSMClient({
    endpoint: `http://127.0.0.1:${system.ports.get('aws') ?? 0}`,
    region: cloud.region,
    credentials: dummyCredentials,
  });
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: parameterNames(cloud.fleet).serverNames }),
  );
  expect(JSON.parse(Parameter?.Value ?? '')).toEqual({
    authHost: containers.authHost,
    brewery: 'jvbbrewery@internal-muc.meet.jitsi',
  });
});

test('cdk destroy terminates the bridges first and leaves no instance, secret or account', async () => {
  expect(await system.destroy()).toMatchObject({ exitCode: 0, leftBehind: [], dropped: 0 });
});
