import { parseScalerEnv } from '../../../lambdas/scaler/env';
import { origin } from '../traces';

const whole = {
  FLEET: 'test',
  GENERATION: 'component',
  POLICY: '{"min":1,"max":4}',
  LAUNCH: JSON.stringify({
    launchTemplateId: 'lt-1',
    launchTemplateVersion: '1',
    instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
    subnetIds: ['subnet-a'],
    onDemandBase: 0,
    spotPercent: 0,
  }),
  ORIGIN: JSON.stringify(origin),
  REGISTRAR_FUNCTION: 'registrar',
  BRIDGE_DOCUMENT: 'bridge',
};

test('reads policy and launch settings with their defaults', () => {
  expect(parseScalerEnv(whole)).toMatchObject({
    fleet: 'test',
    generation: 'component',
    policy: { min: 1, max: 4, targetStress: 0.75, emptySeconds: 60 },
    launch: { subnetIds: ['subnet-a'] },
    origin,
  });
});

test.each([
  ['a missing name', { FLEET: undefined }, 'FLEET'],
  ['an unknown generation', { GENERATION: 'v3' }, 'GENERATION'],
  ['a policy that is no JSON', { POLICY: '{' }, 'POLICY'],
  ['a policy with min above max', { POLICY: '{"min":5,"max":4}' }, 'POLICY.min'],
  ['an origin without a role', { ORIGIN: '{}' }, 'ORIGIN.instanceProfileArn'],
  ['launch settings without a template', { LAUNCH: '{}' }, 'LAUNCH.launchTemplateId'],
])('%s is refused by the name of its variable', (_name, change, name) => {
  expect(() => parseScalerEnv({ ...whole, ...change })).toThrow(name);
});
