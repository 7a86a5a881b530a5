import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

import { authHost, bridgeName } from '../../../lambdas/core/protocol/xmpp-names';
import { bridgeSecretName, parameterNames } from '../../../lambdas/core/protocol/parameters';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { cloud, dummyCredentials } from '../../../local/cloud/addresses';
import { ClientSession } from '../../../local/jitsi/xmpp/client-session';
import { playWholeSystem, type WholeSystem } from './whole-system';

let system: WholeSystem;

beforeAll(async () => {
  system = await playWholeSystem('muc');
});

afterAll(() => system.kill());

const settings = () => ({
  endpoint: `http://127.0.0.1:${system.ports.get('aws') ?? 0}`,
  region: cloud.region,
  credentials: dummyCredentials,
});

async function parameter(name: string): Promise<string> {
  const query = new GetParameterCommand({ Name: name, WithDecryption: true });
  const { Parameter } = await new SSMClient(settings()).send(query);
  return Parameter?.Value ?? '';
}

async function aBridge(): Promise<string> {
  const { Reservations } = await new EC2Client(settings()).send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${tagKeys.fleet}`, Values: [cloud.fleet] },
        { Name: 'instance-state-name', Values: ['running'] },
      ],
    }),
  );
  return Reservations?.flatMap(({ Instances }) => Instances ?? [])[0]?.InstanceId ?? '';
}

test('the story succeeds: no forced disconnect, no session dropped, a bridge launched and one undrained', () => {
  expect(system.story).toMatchObject({
    ok: true,
    forcedDisconnects: 0,
    prosodySessionsDropped: 0,
  });
  expect(system.story.launched).toBeGreaterThanOrEqual(2);
  expect(system.story.secondsFromOverloadToFirstConference).not.toBeNull();
  const events = system.story.timeline.map(({ event }) => event);
  expect(events.slice(events.indexOf('manual-undrain'))).toContain('active');
});

test('a bridge is an account of its own, with the secret that is in SSM and no other', async () => {
  const id = await aBridge();
  const logIn = async (password: string): Promise<string> => {
    const session = await ClientSession.connect({
      host: '127.0.0.1',
      port: system.ports.get('xmpp-client') ?? 0,
      domain: authHost(cloud.domain),
      credentials: { kind: 'password', user: bridgeName(id), password },
      trust: { kind: 'pinned', pem: await serverCertificate() },
    });
    await session.close();
    return session.jid;
  };
  const secret = await parameter(bridgeSecretName(cloud.fleet, id));
  expect(await logIn(secret)).toContain(`${bridgeName(id)}@${authHost(cloud.domain)}/`);
  await expect(logIn('0'.repeat(40))).rejects.toThrow('not-authorized');
});

async function serverCertificate(): Promise<string> {
  const text = await parameter(parameterNames(cloud.fleet).serverCertificate);
  return (JSON.parse(text) as { pem: string }).pem;
}

test('cdk destroy terminates the bridges first and leaves no instance, secret or account', async () => {
  expect(await system.destroy()).toMatchObject({ exitCode: 0, leftBehind: [], dropped: 0 });
});
