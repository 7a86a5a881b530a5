import {
  CreateFleetCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type CreateFleetCommandInput,
} from '@aws-sdk/client-ec2';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { clientOf, startTestCloud, templateId, type TestCloud } from '../fakes';

const ec2Arn = (resource: string): string => `arn:aws:ec2:us-east-1:123456789012:${resource}`;
const template = ec2Arn(`launch-template/${templateId}`);
const subnet = 'subnet-0aaaaaaaaaaaaaaa1';
const fleetTag = { StringEquals: { 'aws:RequestTag/bridges:fleet': 'local' } };

const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

/** Enough to launch bridges, and no more: each test takes one away. */
const launching = {
  fleet: allow('ec2:CreateFleet', [
    ec2Arn('fleet/*'),
    ec2Arn('instance/*'),
    template,
    ec2Arn(`subnet/${subnet}`),
  ]),
  instances: allow('ec2:RunInstances', ec2Arn('instance/*'), fleetTag),
  made: allow('ec2:RunInstances', [ec2Arn('volume/*'), ec2Arn('network-interface/*')]),
  used: allow('ec2:RunInstances', [
    template,
    'arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0',
    'arn:aws:ec2:us-east-1::snapshot/*',
    ec2Arn(`subnet/${subnet}`),
    ec2Arn('security-group/sg-0123456789abcdef0'),
  ]),
  tags: allow('ec2:CreateTags', ec2Arn('instance/*'), {
    StringEquals: { 'ec2:CreateAction': ['CreateFleet', 'RunInstances'] },
  }),
  pass: allow('iam:PassRole', 'arn:aws:iam::123456789012:role/bridge-role', {
    StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
  }),
  serviceRole: allow('iam:CreateServiceLinkedRole', 'arn:aws:iam::123456789012:role/*', {
    StringEquals: { 'iam:AWSServiceName': 'ec2fleet.amazonaws.com' },
  }),
};

function without(missing: keyof typeof launching): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(launching).filter(([name]) => name !== missing));
}

let cloud: TestCloud;
let ec2: EC2Client;

async function asLauncher(
  statements: Readonly<Record<string, object>>,
  launchTemplateKey: 'present' | 'absent' = 'absent',
): Promise<void> {
  cloud = await startTestCloud(undefined, {
    policies: { launcher: Object.values(statements) },
    behaviour: { launchTemplateKey },
  });
  ec2 = new EC2Client(clientOf(cloud, 'launcher'));
}

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

const fleet: CreateFleetCommandInput = {
  Type: 'instant',
  LaunchTemplateConfigs: [
    {
      LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '3' },
      Overrides: [{ InstanceType: 'c6i.xlarge', SubnetId: subnet }],
    },
  ],
  TargetCapacitySpecification: {
    TotalTargetCapacity: 1,
    DefaultTargetCapacityType: 'on-demand',
  },
  TagSpecifications: [
    { ResourceType: 'instance', Tags: [{ Key: 'bridges:fleet', Value: 'local' }] },
  ],
};

const launchedIds = async (): Promise<string[]> => {
  const reply = await ec2.send(new CreateFleetCommand(fleet));
  expect(reply.Errors).toEqual([]);
  return (reply.Instances ?? []).flatMap(({ InstanceIds = [] }) => InstanceIds);
};

const denied = async () => {
  const reply = await ec2.send(new CreateFleetCommand(fleet));
  expect(reply.Instances).toEqual([]);
  return reply.Errors?.[0];
};

describe('a launch', () => {
  it.each(['present', 'absent'] as const)(
    'goes with the rights for each resource, ec2:LaunchTemplate %s',
    async (key) => {
      await asLauncher(launching, key);
      expect(await launchedIds()).toHaveLength(1);
    },
  );

  it.each([
    ['instances', 'ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/'],
    ['made', 'ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:volume/'],
    ['used', 'ec2:RunInstances on resource: arn:aws:ec2:us-east-1::image/ami-0123456789abcdef0'],
    ['pass', 'iam:PassRole on resource: arn:aws:iam::123456789012:role/bridge-role'],
  ] as const)('is refused per override without the right for %s', async (missing, named) => {
    const rest = without(missing);
    await asLauncher(rest);
    const error = await denied();
    expect(error?.ErrorCode).toBe('UnauthorizedOperation');
    expect(error?.ErrorMessage).toContain(named);
    expect(cloud.gateway.ec2.all()).toEqual([]);
  });

  it.each(['fleet', 'tags'] as const)(
    'is refused as a whole without the right for %s',
    async (missing) => {
      const rest = without(missing);
      await asLauncher(rest);
      await expect(ec2.send(new CreateFleetCommand(fleet))).rejects.toMatchObject({
        name: 'UnauthorizedOperation',
        $metadata: { httpStatusCode: 403 },
      });
    },
  );

  it('needs the right to make the role of the fleet service, the first time only', async () => {
    const rest = without('serviceRole');
    await asLauncher(rest);
    await expect(ec2.send(new CreateFleetCommand(fleet))).rejects.toMatchObject({
      name: 'AuthFailure.ServiceLinkedRoleCreationNotPermitted',
    });
    const administrator = new EC2Client(cloud.client);
    await administrator.send(new CreateFleetCommand(fleet));
    administrator.destroy();
    expect(await launchedIds()).toHaveLength(1);
  });

  it('with a condition on ec2:LaunchTemplate is refused where the key is absent', async () => {
    const condition = { ArnEquals: { 'ec2:LaunchTemplate': template } };
    const made = { ...launching.made, Condition: condition };
    await asLauncher({ ...launching, made }, 'absent');
    expect((await denied())?.ErrorMessage).toContain('volume/');
    ec2.destroy();
    await cloud.close();
    await asLauncher({ ...launching, made }, 'present');
    expect(await launchedIds()).toHaveLength(1);
  });

  it('by RunInstances is refused as a whole', async () => {
    const rest = without('pass');
    await asLauncher(rest);
    const call = new RunInstancesCommand({
      LaunchTemplate: { LaunchTemplateId: templateId, Version: '3' },
      SubnetId: subnet,
      MinCount: 1,
      MaxCount: 1,
    });
    await expect(ec2.send(call)).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringContaining('iam:PassRole') as string,
    });
  });
});

describe('what exists', () => {
  const ofFleet = { StringEquals: { 'aws:ResourceTag/bridges:fleet': 'local' } };
  const terminating = allow('ec2:TerminateInstances', ec2Arn('instance/*'), ofFleet);
  const tagging = allow(['ec2:CreateTags', 'ec2:DeleteTags'], ec2Arn('instance/*'), {
    ...ofFleet,
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['bridges:drain'] },
    Null: { 'aws:TagKeys': 'false' },
  });

  function instance(tags: Readonly<Record<string, string>>): string {
    const instanceId = 'i-0a0a0a0a0a0a0a0a0';
    cloud.gateway.ec2.addInstance({ instanceId, privateIpAddress: '10.213.0.10', tags });
    return instanceId;
  }

  it('is terminated by its tag alone', async () => {
    await asLauncher({ terminating });
    const id = instance({ 'bridges:fleet': 'other' });
    const call = new TerminateInstancesCommand({ InstanceIds: [id] });
    await expect(ec2.send(call)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    cloud.gateway.ec2.find(id)?.tags.set('bridges:fleet', 'local');
    await ec2.send(call);
  });

  it('is terminated by the template that it is from, which no tag of others can claim', async () => {
    const ofTemplate = {
      StringEquals: { 'aws:ResourceTag/aws:ec2launchtemplate:id': templateId },
    };
    await asLauncher({
      ...launching,
      terminating: allow('ec2:TerminateInstances', ec2Arn('instance/*'), ofTemplate),
    });
    const foreign = instance({ 'bridges:fleet': 'local' });
    const end = (id: string) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    await expect(end(foreign)).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    for (const id of await launchedIds()) await end(id);
  });

  it('is left alone where its ARN is denied, whatever else is allowed', async () => {
    const server = ec2Arn('instance/i-0a0a0a0a0a0a0a0a0');
    await asLauncher({
      terminating,
      never: { Effect: 'Deny', Action: 'ec2:TerminateInstances', Resource: server },
    });
    const id = instance({ 'bridges:fleet': 'local' });
    await expect(
      ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
    ).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });

  it('is tagged with the allowed keys only, and not cleared of all tags', async () => {
    await asLauncher({ tagging });
    const Resources = [instance({ 'bridges:fleet': 'local' })];
    const set = (Key: string) =>
      ec2.send(new CreateTagsCommand({ Resources, Tags: [{ Key, Value: 'x' }] }));
    await set('bridges:drain');
    await expect(set('bridges:fleet')).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
    const clear = ec2.send(new DeleteTagsCommand({ Resources }));
    await expect(clear).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});

describe('other services', () => {
  it('refuse as AccessDeniedException, and the log says what was asked', async () => {
    const own = {
      StringEquals: { 'aws:ResourceTag/owner': '${ec2:SourceInstanceARN}' },
    };
    const parameters = 'arn:aws:ssm:us-east-1:123456789012:parameter/a/*';
    await asLauncher({ secret: allow('ssm:GetParameter', parameters, own) });
    const mine = ec2Arn('instance/i-0a0a0a0a0a0a0a0a0');
    cloud.emulator.answers['ListTagsForResource'] = JSON.stringify({
      TagList: [{ Key: 'owner', Value: mine }],
    });
    const read = async (sourceInstance: string) => {
      const context = { 'ec2:SourceInstanceARN': sourceInstance };
      const ssm = new SSMClient(clientOf(cloud, 'launcher', context));
      return ssm.send(new GetParameterCommand({ Name: '/a/b' })).finally(() => ssm.destroy());
    };
    await read(mine);
    await expect(read(ec2Arn('instance/i-0b0b0b0b0b0b0b0b0'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('ssm:GetParameter on resource') as string,
    });
    expect(
      cloud.gateway.accesses
        .entries()
        .map(({ action, allowed, grants }) => [
          action,
          allowed,
          grants.map(({ resource }) => resource),
        ]),
    ).toEqual([
      ['ssm:GetParameter', true, [parameters]],
      ['ssm:GetParameter', false, []],
    ]);
  });

  it('know the namespace of metrics, and that tags of a new parameter are a right of their own', async () => {
    const namespace = { StringEquals: { 'cloudwatch:namespace': 'Bridges' } };
    await asLauncher({
      metrics: allow('cloudwatch:PutMetricData', '*', namespace),
      put: allow('ssm:PutParameter', '*'),
    });
    const metrics = new CloudWatchClient(clientOf(cloud, 'launcher'));
    const put = (Namespace: string) =>
      metrics.send(
        new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'x', Value: 1 }] }),
      );
    await put('Bridges');
    await expect(put('Other')).rejects.toMatchObject({ name: 'AccessDenied' });
    metrics.destroy();
    const ssm = new SSMClient(clientOf(cloud, 'launcher'));
    const parameter = { Name: '/a', Value: 'b', Type: 'String' } as const;
    await ssm.send(new PutParameterCommand(parameter));
    await expect(
      ssm.send(new PutParameterCommand({ ...parameter, Tags: [{ Key: 'k', Value: 'v' }] })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
    ssm.destroy();
  });

  it('do not know strangers', async () => {
    await asLauncher({});
    const credentials = { accessKeyId: 'AKIASTRANGER', secretAccessKey: 's' };
    const stranger = new EC2Client({ ...cloud.client, credentials });
    const call = new TerminateInstancesCommand({ InstanceIds: ['i-0a0a0a0a0a0a0a0a0'] });
    await expect(stranger.send(call)).rejects.toMatchObject({ name: 'AuthFailure' });
    stranger.destroy();
    const response = await fetch(cloud.gateway.url, { method: 'POST' });
    expect(response.status).toBe(403);
  });
});
