import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../../eventually';
import { startRealCloud, type RealCloud } from '../real-cloud';

const StackName = 'Functions';

let cloud: RealCloud;
let cloudFormation: CloudFormationClient;
let lambda: LambdaClient;
let outputs: Readonly<Record<string, string>>;

/** Says when it starts and ends; takes as long as its event says, and fails when it says so. */
const code = `
const { appendFileSync } = require('node:fs');
exports.handler = async (event) => {
  const { name, milliseconds = 0, fail = false } = event.responsePayload ?? event;
  const note = (what) => appendFileSync(process.env.RUNS, what + ' ' + name + '\\n');
  note('start');
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  note('end');
  if (fail) throw new Error('as asked');
  return { name: 'after ' + name };
};`;

const runsFile = (): string => join(cloud.folder, 'runs');

function runs(): readonly string[] {
  if (!existsSync(runsFile())) return [];
  return readFileSync(runsFile(), 'utf8').trim().split('\n');
}

interface Wanted {
  readonly limit?: number;
  readonly scheduled: boolean;
}

/** A role that a service may assume, and what it may do. */
function role(Service: string, Action: readonly string[]) {
  const Version = '2012-10-17';
  const assume = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
  const allow = { Effect: 'Allow', Action, Resource: '*' };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Version, Statement: [assume] },
      Policies: [{ PolicyName: 'Own', PolicyDocument: { Version, Statement: [allow] } }],
    },
  };
}

function plainFunction(roleId: string) {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { ZipFile: code },
      Handler: 'index.handler',
      Runtime: 'nodejs20.x',
      Role: { 'Fn::GetAtt': [roleId, 'Arn'] },
      Environment: { Variables: { RUNS: runsFile() } },
    },
  };
}

/** Gives what a function answers to the function `Second`. */
function onSuccess(functionId: string) {
  return {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: functionId },
      Qualifier: '$LATEST',
      DestinationConfig: { OnSuccess: { Destination: { 'Fn::GetAtt': ['Second', 'Arn'] } } },
    },
  };
}

function template({ limit, scheduled }: Wanted): string {
  const schedule = {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(5 minutes)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
        Input: '{"name":"schedule"}',
        RetryPolicy: { MaximumRetryAttempts: 0 },
      },
    },
  };
  return JSON.stringify({
    Resources: {
      Lost: { Type: 'AWS::SQS::Queue' },
      FunctionRole: role('lambda.amazonaws.com', ['logs:*', 'sqs:SendMessage']),
      ChainRole: role('lambda.amazonaws.com', ['logs:*', 'lambda:InvokeFunction']),
      SchedulerRole: role('scheduler.amazonaws.com', ['lambda:InvokeFunction']),
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Code: { ZipFile: code },
          Handler: 'index.handler',
          Runtime: 'nodejs20.x',
          Role: { 'Fn::GetAtt': ['FunctionRole', 'Arn'] },
          Timeout: 20,
          Environment: { Variables: { RUNS: runsFile() } },
          ...(limit === undefined ? {} : { ReservedConcurrentExecutions: limit }),
        },
      },
      Invocations: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Qualifier: '$LATEST',
          MaximumEventAgeInSeconds: 60,
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Lost', 'Arn'] } } },
        },
      },
      First: plainFunction('ChainRole'),
      Second: plainFunction('ChainRole'),
      Chain: onSuccess('First'),
      Unallowed: plainFunction('FunctionRole'),
      Broken: onSuccess('Unallowed'),
      ...(scheduled ? { Ticks: schedule } : {}),
    },
    Outputs: {
      Function: { Value: { Ref: 'Function' } },
      Queue: { Value: { Ref: 'Lost' } },
      First: { Value: { Ref: 'First' } },
      Unallowed: { Value: { Ref: 'Unallowed' } },
      ...(scheduled ? { Ticks: { Value: { 'Fn::GetAtt': ['Ticks', 'Arn'] } } } : {}),
    },
  });
}

async function deployed(): Promise<Readonly<Record<string, string>>> {
  for (;;) {
    const reply = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    const { StackStatus = '', Outputs = [] } = reply.Stacks?.[0] ?? {};
    if (!StackStatus.endsWith('IN_PROGRESS')) {
      expect(StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
      return Object.fromEntries(
        Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      );
    }
    await new Promise((again) => setTimeout(again, 50));
  }
}

function invoke(
  type: 'Event' | 'RequestResponse',
  event: Readonly<Record<string, unknown>>,
  output = 'Function',
): Promise<InvokeCommandOutput> {
  const FunctionName = outputs[output] ?? '';
  const Payload = JSON.stringify(event);
  return lambda.send(new InvokeCommand({ FunctionName, InvocationType: type, Payload }));
}

/** Calls a service whose client is not at hand. */
async function call(service: string, path: string, init: RequestInit = {}): Promise<unknown> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  const headers = { ...(init.headers as Record<string, string> | undefined), authorization };
  return (await fetch(`${cloud.gateway.url}${path}`, { ...init, headers })).json();
}

beforeAll(async () => {
  cloud = await startRealCloud();
  cloudFormation = new CloudFormationClient(cloud.client);
  lambda = new LambdaClient(cloud.client);
  const TemplateBody = template({ limit: 1, scheduled: true });
  await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
  outputs = await deployed();
});

afterAll(async () => {
  lambda.destroy();
  cloudFormation.destroy();
  await cloud.close();
});

it('starts a schedule when the stack is deployed, and shows it', async () => {
  await eventually(() => runs().length === 2);
  expect(runs()).toEqual(['start schedule', 'end schedule']);
  const arn = outputs['Ticks'] ?? '';
  const name = arn.split('/').at(-1) ?? '';
  expect(arn).toBe(`arn:aws:scheduler:us-east-1:123456789012:schedule/default/${name}`);
  expect(await call('scheduler', '/schedules')).toMatchObject({
    Schedules: [{ Name: name, Arn: arn, GroupName: 'default', State: 'ENABLED' }],
  });
  expect(await call('scheduler', `/schedules/${name}`)).toMatchObject({
    ScheduleExpression: 'rate(5 minutes)',
    Target: { Input: '{"name":"schedule"}' },
  });
});

it('runs the events of a function with reserved concurrency 1 one after the other, and refuses a call meanwhile', async () => {
  const before = runs().length;
  const accepted = await Promise.all(
    ['a', 'b'].map((name) => invoke('Event', { name, milliseconds: 2000 })),
  );
  expect(accepted.map(({ StatusCode }) => StatusCode)).toEqual([202, 202]);
  await eventually(() => runs().length === before + 1);
  await expect(invoke('RequestResponse', { name: 'refused' })).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    $metadata: { httpStatusCode: 429 },
  });
  await eventually(() => runs().length === before + 4);
  const [first, second] = runs()[before] === 'start a' ? ['a', 'b'] : ['b', 'a'];
  expect(runs().slice(before)).toEqual(
    [first, second].flatMap((name) => [`start ${name}`, `end ${name}`]),
  );
});

it('sends an event whose run fails to the on-failure destination', async () => {
  await invoke('Event', { name: 'lost', fail: true });
  const received = (await call('sqs', '/', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
    },
    body: JSON.stringify({ QueueUrl: outputs['Queue'], WaitTimeSeconds: 10 }),
  })) as { readonly Messages?: readonly { readonly Body: string }[] };
  expect(JSON.parse(received.Messages?.[0]?.Body ?? '{}')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: { name: 'lost', fail: true },
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'as asked' },
  });
});

it('invokes the on-success destination with the answer of the function, if its role may', async () => {
  const before = runs().length;
  await invoke('Event', { name: 'unallowed' }, 'Unallowed');
  await eventually(() => runs().length === before + 2);
  await invoke('Event', { name: 'first' }, 'First');
  await eventually(() => runs().length === before + 6);
  expect(runs().slice(before)).toEqual([
    'start unallowed',
    'end unallowed',
    'start first',
    'end first',
    'start after first',
    'end after first',
  ]);
  const denied = cloud.gateway.accesses.entries().filter(({ allowed }) => !allowed);
  expect(denied.map(({ action }) => action)).toContain('lambda:InvokeFunction');
});

it('an update takes limit and schedule away', async () => {
  const TemplateBody = template({ scheduled: false });
  await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody }));
  outputs = await deployed();
  expect(await call('scheduler', '/schedules')).toMatchObject({ Schedules: [] });
  const together = ['c', 'd'].map((name) =>
    invoke('RequestResponse', { name, milliseconds: 1000 }),
  );
  expect((await Promise.all(together)).map(({ StatusCode }) => StatusCode)).toEqual([200, 200]);
  expect([...runs().slice(-4, -2)].sort()).toEqual(['start c', 'start d']);
});
