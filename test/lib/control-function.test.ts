import { parseCollectorEnv } from '../../lambdas/collector/env';
import { parseFleetEnv } from '../../lambdas/observation/env';
import { parseRegistrarEnv } from '../../lambdas/registrar/env';
import { parseScalerEnv } from '../../lambdas/scaler/env';
import { parseTeardownEnv } from '../../lambdas/teardown/env';
import { environment } from '../../lambdas/core/protocol/environment';
import { launchSettingsSchema } from '../../lambdas/core/protocol/launch-settings';
import { originText } from '../../lambdas/core/protocol/origin';
import { policySchema } from '../../lambdas/core/model/policy';
import { synthesizeFleet, textOf } from './synthesize';

interface FunctionProperties {
  readonly Timeout: number;
  readonly ReservedConcurrentExecutions?: number;
  readonly VpcConfig?: { readonly SubnetIds: string[] };
  readonly Environment: { readonly Variables: Record<string, unknown> };
}

const template = synthesizeFleet();
const names = ['Collector', 'Scaler', 'Reader', 'Registrar', 'Filter', 'TeardownEmpties'];

function functionOf(name: string, from = template): FunctionProperties {
  const found = Object.entries(from.findResources('AWS::Lambda::Function')).find(([id]) =>
    id.startsWith(`Fleet${name}Function`),
  );
  if (found === undefined) throw new Error(`no function ${name}`);
  return (found[1] as { Properties: FunctionProperties }).Properties;
}

/** Names that a function's parser looks up in its environment. */
function variablesReadBy(parse: (env: Record<string, string | undefined>) => unknown): string[] {
  const read = new Set<string>();
  const known: ReadonlySet<string> = new Set(Object.values(environment));
  const watched = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, key) => {
        if (typeof key === 'string' && known.has(key)) read.add(key);
        return undefined;
      },
    },
  );
  expect(() => parse(watched)).toThrow('Environment of the');
  return [...read].sort();
}

test.each(names)('%s runs on arm64 and the newest Node that CDK knows', (name) => {
  expect(functionOf(name)).toMatchObject({
    Architectures: ['arm64'],
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
  });
});

test('an event lives a minute, is not retried, and ends in the queue of failures', () => {
  template.resourceCountIs('AWS::Lambda::EventInvokeConfig', names.length);
  template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumEventAgeInSeconds: 60,
    MaximumRetryAttempts: 0,
    DestinationConfig: {
      OnFailure: {
        Destination: {
          'Fn::GetAtt': [Object.keys(template.findResources('AWS::SQS::Queue'))[0], 'Arn'],
        },
      },
    },
  });
});

test('each function has a log group of its own that forgets', () => {
  const short = synthesizeFleet({ logRetentionDays: 3 });
  short.resourceCountIs('AWS::Logs::LogGroup', names.length);
  short.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3 });
});

test.each([
  ['Collector', undefined],
  ['Scaler', 1],
  ['Registrar', 1],
  ['Filter', undefined],
])('%s has a reserved concurrency of %s', (name, expected) => {
  expect(functionOf(name).ReservedConcurrentExecutions).toBe(expected);
});

test('reservations can be switched off', () => {
  const without = synthesizeFleet({ reservedConcurrency: false });
  for (const name of names)
    expect(functionOf(name, without).ReservedConcurrentExecutions).toBeUndefined();
});

test('only the collector is in the VPC', () => {
  expect(names.filter((name) => functionOf(name).VpcConfig !== undefined)).toEqual(['Collector']);
  expect(functionOf('Collector').VpcConfig?.SubnetIds).toEqual(['subnet-0bbbbbbbbbbbbbbb1']);
});

describe('environment', () => {
  test.each([
    ['Collector', parseCollectorEnv],
    ['Scaler', parseScalerEnv],
    ['Reader', parseFleetEnv],
    ['Registrar', parseRegistrarEnv],
    ['TeardownEmpties', parseTeardownEnv],
  ])('of %s is what the function reads, and no more', (name, parse) => {
    const variables = Object.keys(functionOf(name).Environment.Variables);
    // CDK's own, for the source maps.
    expect(variables.filter((key) => key !== 'NODE_OPTIONS').sort()).toEqual(
      variablesReadBy(parse),
    );
  });

  it('gives the scaler a policy and launch settings that core understands', () => {
    const { Variables } = functionOf('Scaler').Environment;
    const policy = policySchema.parse(JSON.parse(textOf(Variables[environment.policy])));
    expect(policy).toMatchObject({ min: 1, max: 10 });
    const launch = launchSettingsSchema.parse(JSON.parse(textOf(Variables[environment.launch])));
    expect(launch).toMatchObject({
      launchTemplateId: expect.stringContaining('<FleetBridgeTemplate') as unknown,
      // A number of its own for each deployment: a launch that is repeated repeats the same
      // machine.
      launchTemplateVersion: expect.stringContaining('LatestVersionNumber') as unknown,
      subnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0aaaaaaaaaaaaaaa2'],
      onDemandBase: 1,
      spotPercent: 0,
    });
  });

  it.each(['Scaler', 'Reader', 'Registrar', 'TeardownEmpties'])(
    "tells %s what the fleet's own instances have",
    (name) => {
      const { Variables } = functionOf(name).Environment;
      expect(originText.parse(textOf(Variables[environment.origin]))).toEqual({
        launchTemplateId: expect.stringMatching(/^<FleetBridgeTemplate\w+>$/) as unknown,
        instanceProfileArn: expect.stringMatching(
          /^<FleetBridgeTemplateProfile\w+\.Arn>$/,
        ) as unknown,
        serverInstanceId: 'i-0123456789abcdef0',
      });
    },
  );

  it('lets the collector finish before its time is up', () => {
    const slow = synthesizeFleet({ collector: { windowSeconds: 30 } });
    const { Timeout, Environment } = functionOf('Collector', slow);
    const window = Number(Environment.Variables[environment.windowSeconds]);
    expect(window).toBe(30);
    expect(Timeout).toBeGreaterThanOrEqual(window + 15);
  });
});
