import xml from '@xmpp/xml';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetParameterCommand,
  ListCommandInvocationsCommand,
  paginateGetParametersByPath,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { component } from '@xmpp/component';

import { invokeFunction } from '../../../cli/invoke-function';
import { bridgeName, componentJid, statsNode } from '../../../lambdas/core/protocol/xmpp-names';
import { bridgeSecretName, parameterNames } from '../../../lambdas/core/protocol/parameters';
import { metricNamespace } from '../../../lambdas/core/protocol/metrics';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { cloud, dummyCredentials } from '../../../local/cloud/addresses';
import { ClientSession } from '../../../local/jitsi/xmpp/client-session';
import { playWholeSystem, type WholeSystem } from './whole-system';

let system: WholeSystem;

beforeAll(async () => {
  system = await playWholeSystem('component');
});

afterAll(() => system.kill());

const settings = () => ({
  endpoint: `http://127.0.0.1:${system.ports.get('aws') ?? 0}`,
  region: cloud.region,
  credentials: dummyCredentials,
});
const output = (name: string): string => system.outputs[name] ?? '';
const invoke = (functionName: string, event: Record<string, unknown>) =>
  invokeFunction(new LambdaClient(settings()), functionName, event);
const command = (event: Record<string, unknown>) => invoke(output('ScalerFunctionName'), event);
const question = (event: Record<string, unknown>) => invoke(output('ReaderFunctionName'), event);

async function liveInstances(): Promise<Instance[]> {
  const { Reservations } = await new EC2Client(settings()).send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${tagKeys.fleet}`, Values: [cloud.fleet] },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
    }),
  );
  return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
}

async function parameters(): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const query = { Path: parameterNames(cloud.fleet).root, Recursive: true, WithDecryption: true };
  const client = new SSMClient(settings());
  for await (const page of paginateGetParametersByPath({ client }, query)) {
    for (const { Name, Value } of page.Parameters ?? []) found.set(Name ?? '', Value ?? '');
  }
  return found;
}

describe('the story', () => {
  test('ends well: nobody cut off, no session dropped, nothing left behind', () => {
    expect(system.story).toMatchObject({
      ok: true,
      forcedDisconnects: 0,
      prosodySessionsDropped: 0,
      leftBehind: [],
    });
  });

  test('launched bridges by itself and for the operator, and retired all but one', () => {
    expect(system.story.launched).toBeGreaterThanOrEqual(3);
    expect(system.story.retired).toBe(system.story.launched - 1);
    expect(system.story.secondsFromOverloadToFirstConference).not.toBeNull();
  });
});

describe('from outside, the AWS API', () => {
  test('shows the one bridge that is left, registered, with its secret and its metrics', async () => {
    const [bridge, ...others] = await liveInstances();
    expect(others).toEqual([]);
    const id = bridge?.InstanceId ?? '';
    const registered = bridge?.Tags?.find(({ Key }) => Key === tagKeys.registered)?.Value;
    expect(registered).toMatch(/^\d{4}-.*Z [0-9a-f]{16}$/);
    expect([...(await parameters()).keys()]).toContain(bridgeSecretName(cloud.fleet, id));
    const { Metrics } = await new CloudWatchClient(settings()).send(
      new ListMetricsCommand({
        Namespace: metricNamespace,
        Dimensions: [{ Name: 'Bridge', Value: bridgeName(id) }],
      }),
    );
    expect(Metrics?.map(({ MetricName }) => MetricName).sort()).toEqual(
      expect.arrayContaining(['Conferences', 'Participants', 'Stress']),
    );
  });

  test('status and plan answer and change nothing', async () => {
    const before = await parameters();
    expect(await question({ action: 'status' })).toMatchObject({ ok: true, after: { active: 1 } });
    expect(await command({ action: 'plan' })).toMatchObject({ ok: true });
    expect(await command({ action: 'nope' })).toMatchObject({ error: { field: 'action' } });
    expect(await liveInstances()).toHaveLength(1);
    expect((await parameters()).get(parameterNames(cloud.fleet).override)).toBe(
      before.get(parameterNames(cloud.fleet).override),
    );
  });

  test.each([
    ['a negative size', { action: 'scale', to: -1 }, 'to'],
    ['a size above max', { action: 'scale', to: 99 }, 'to'],
    ['no size at all', { action: 'scale' }, 'to'],
    ['an unknown argument', { action: 'scale', to: 2, fro: '1h' }, 'fro'],
    ['a bridge of somebody else', { action: 'drain', bridge: 'i-0000000000000000f' }, 'bridge'],
  ])('%s is refused by the name of its field, and changes nothing', async (_, event, field) => {
    expect(await command(event)).toMatchObject({ ok: false, error: { field } });
    expect(await liveInstances()).toHaveLength(1);
  });
});

describe('from outside, XMPP', () => {
  async function componentError(secret: string): Promise<string> {
    const id = (await liveInstances())[0]?.InstanceId ?? '';
    const xmpp = component({
      service: `xmpp://127.0.0.1:${system.ports.get('xmpp-component') ?? 0}`,
      domain: componentJid(id, cloud.domain),
      password: secret,
    });
    xmpp.reconnect.stop();
    xmpp.on('error', () => undefined);
    return xmpp.start().then(
      async () => {
        await xmpp.stop();
        return 'connected';
      },
      async (error: unknown) => {
        await xmpp.stop().catch(() => undefined);
        return (error as { condition?: string }).condition ?? String(error);
      },
    );
  }

  test('the right secret is taken: only that the bridge itself is there stands in the way', async () => {
    const id = (await liveInstances())[0]?.InstanceId ?? '';
    const { Parameter } = await new SSMClient(settings()).send(
      new GetParameterCommand({ Name: bridgeSecretName(cloud.fleet, id), WithDecryption: true }),
    );
    expect(await componentError(Parameter?.Value ?? '')).toBe('conflict');
  });

  test('a wrong secret is not', async () => {
    expect(await componentError('0'.repeat(40))).toBe('not-authorized');
  });

  test('a guest can neither read nor forge statistics', async () => {
    const guest = await ClientSession.connect({
      host: '127.0.0.1',
      port: system.ports.get('xmpp-client') ?? 0,
      domain: cloud.domain,
      credentials: { kind: 'anonymous' },
      trust: { kind: 'loopback' },
    });
    const pubsub = 'http://jabber.org/protocol/pubsub';
    const bridge = componentJid((await liveInstances())[0]?.InstanceId ?? '', cloud.domain);
    const subscribe = await guest.request(
      'set',
      cloud.domain,
      xml('pubsub', { xmlns: pubsub }, xml('subscribe', { node: statsNode, jid: guest.jid })),
    );
    const publish = await guest.request(
      'set',
      cloud.domain,
      xml(
        'pubsub',
        { xmlns: pubsub },
        xml('publish', { node: statsNode }, xml('item', { id: bridge }, xml('stats', {}))),
      ),
    );
    await guest.close();
    expect(subscribe).toMatchObject({ kind: 'error', condition: 'forbidden' });
    expect(publish).toMatchObject({ kind: 'error', condition: 'forbidden' });
  });
});

/** Everything that a curious reader can get at without asking SSM to decrypt. */
async function readableTexts(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const { TemplateBody } = await new CloudFormationClient(settings()).send(
    new GetTemplateCommand({ StackName: `JitsiBridges-${cloud.fleet}` }),
  );
  texts.set('template', TemplateBody ?? '');
  const ec2 = new EC2Client(settings());
  const { LaunchTemplateVersions } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: output('LaunchTemplateId') }),
  );
  const userData = (LaunchTemplateVersions ?? [])
    .map(({ LaunchTemplateData }) => LaunchTemplateData?.UserData ?? '')
    .map((text) => Buffer.from(text, 'base64').toString('utf8'));
  texts.set('user data', userData.join('\n'));
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
  texts.set('instances and tags', JSON.stringify(Reservations));
  const lambda = new LambdaClient(settings());
  for (const name of ['Scaler', 'Registrar', 'Collector']) {
    const FunctionName = output(`${name}FunctionName`);
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    texts.set(`${name} configuration`, JSON.stringify(configuration));
  }
  const { CommandInvocations } = await new SSMClient(settings()).send(
    new ListCommandInvocationsCommand({ Details: true }),
  );
  texts.set('Run Command', JSON.stringify(CommandInvocations));
  const logs = new CloudWatchLogsClient(settings());
  for await (const page of paginateDescribeLogGroups({ client: logs }, {})) {
    for (const { logGroupName = '' } of page.logGroups ?? []) {
      const lines: string[] = [];
      for await (const events of paginateFilterLogEvents({ client: logs }, { logGroupName })) {
        lines.push(...(events.events ?? []).map(({ message }) => message ?? ''));
      }
      texts.set(`log ${logGroupName}`, lines.join('\n'));
    }
  }
  return texts;
}

test('no secret is in template, user data, tags, environments, commands or logs', async () => {
  const secrets = [...(await parameters())]
    .filter(([name]) => /\/(secret|password)$/.test(name))
    .map(([, value]) => value);
  expect(secrets.length).toBeGreaterThanOrEqual(2);
  const texts = await readableTexts();
  expect(texts.get('user data')).toContain('jitsi-bridges');
  expect(texts.get('Run Command')?.length).toBeGreaterThan(100);
  const leaks = [...texts].filter(([, text]) => secrets.some((secret) => text.includes(secret)));
  expect(leaks.map(([where]) => where)).toEqual([]);
});

test('cdk destroy terminates the bridges first and leaves nothing behind', async () => {
  expect(await system.destroy()).toMatchObject({ exitCode: 0, leftBehind: [], dropped: 0 });
});
