import { ConfigError, parseConfig } from '../../../lib/config/parse-config';
import { breweryOf, deploymentSchema } from '../../../lib/config/schema';
import { smallestFleet } from './example-config';

const problemsOf = (input: unknown): readonly string[] => {
  try {
    parseConfig(deploymentSchema, input, 'bridges.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

const without = (key: keyof typeof smallestFleet) =>
  Object.fromEntries(Object.entries(smallestFleet).filter(([name]) => name !== key));

describe('an invalid configuration', () => {
  test.each<[string, unknown, string]>([
    ['unknown key', { ...smallestFleet, polcy: {} }, 'polcy: unknown key; did you mean policy?'],
    [
      'unknown key in a section',
      { ...smallestFleet, policy: { min: 1, max: 2, targetStres: 0.5 } },
      'policy.targetStres: unknown key; did you mean targetStress?',
    ],
    [
      'unknown key in a list',
      { ...smallestFleet, bridge: { instanceTypes: [{ type: 'c6i.xlarge', wieght: 1 }] } },
      'bridge.instanceTypes[0].wieght: unknown key; did you mean weight?',
    ],
    [
      'missing generation',
      without('generation'),
      'generation: is missing: set it to muc or component',
    ],
    [
      'brewery of a generation that has none',
      { ...smallestFleet, brewery: 'JvbBrewery@internal.auth.meet.example.org' },
      'brewery: is only for generation: muc; remove it',
    ],
    [
      'version of the other generation',
      {
        ...smallestFleet,
        generation: 'muc',
        packages: { ...smallestFleet.packages, version: '1126-1' },
      },
      'packages.version: is not a version of generation: muc; set it to one like 2.3-307-g4bb0aead1-1',
    ],
    [
      'public component interface where bridges are no components',
      {
        ...smallestFleet,
        generation: 'muc',
        server: { ...smallestFleet.server, componentInterface: 'public' },
      },
      'server.componentInterface: public is only for generation: component',
    ],
    [
      'component interface that is none',
      { ...smallestFleet, server: { ...smallestFleet.server, componentInterface: '0.0.0.0' } },
      'server.componentInterface: must be private or public',
    ],
    ['missing domain', without('domain'), 'domain: is missing. Domain of the Jitsi Meet server'],
    [
      'kind of server that there is not',
      { ...smallestFleet, server: { ...smallestFleet.server, kind: 'podman' } },
      'server.kind: must be packages or docker',
    ],
    [
      'containers whose bridges would be components',
      { ...smallestFleet, server: { ...smallestFleet.server, kind: 'docker' } },
      'server.kind: docker is for generation: muc',
    ],
    [
      'compose project without containers',
      { ...smallestFleet, server: { ...smallestFleet.server, composeProject: 'meet' } },
      'server.composeProject: is for server.kind: docker',
    ],
    [
      'brewery that is no room',
      { ...smallestFleet, generation: 'muc', brewery: 'JvbBrewery' },
      'brewery: must be the address of a room',
    ],
    [
      'window in which a bridge of its generation may not report',
      { ...smallestFleet, generation: 'muc', collector: { windowSeconds: 5 } },
      'collector.windowSeconds: must be 6 or more with generation: muc',
    ],
    [
      'missing egress',
      without('egress'),
      'egress: is missing: set it to nat, existingEndpoints or createEndpoints',
    ],
    [
      'endpoints to make without the range they serve',
      { ...smallestFleet, egress: 'createEndpoints' },
      'vpcCidr: is required with egress: createEndpoints',
    ],
    [
      'endpoints in more zones than there are subnets for',
      {
        ...smallestFleet,
        egress: 'createEndpoints',
        vpcCidr: '10.0.0.0/16',
        endpointZones: 2,
      },
      'endpointZones: must be 1 or less, the number of functionSubnetIds',
    ],
    [
      'ranges for endpoints that are not made',
      { ...smallestFleet, secondaryCidrs: ['100.64.0.0/16'] },
      'secondaryCidrs: is only for egress: createEndpoints; remove it',
    ],
    [
      'a range twice',
      {
        ...smallestFleet,
        egress: 'createEndpoints',
        vpcCidr: '10.0.0.0/16',
        secondaryCidrs: ['10.0.0.0/16'],
      },
      'secondaryCidrs[0]: 10.0.0.0/16 is vpcCidr already; remove it',
    ],
    [
      'min greater than max',
      { ...smallestFleet, policy: { min: 3, max: 2 } },
      'policy.min: must not be greater than max; lower min or raise max',
    ],
    [
      'schedule in a zone that is none',
      {
        ...smallestFleet,
        policy: {
          min: 1,
          max: 2,
          schedules: [{ name: 'office', from: '09:00', to: '18:00', zone: 'Berlin', hold: 2 }],
        },
      },
      'policy.schedules[0].zone: must be UTC or a time zone of the IANA database, for example Europe/Berlin',
    ],
    [
      'schedule that holds more than may be',
      {
        ...smallestFleet,
        policy: {
          min: 1,
          max: 2,
          schedules: [{ name: 'office', from: '09:00', to: '18:00', zone: 'UTC', hold: 3 }],
        },
      },
      'policy.schedules[0].hold: 3 is more than policy.max 2; lower it',
    ],
    [
      'fleet name with capitals',
      { ...smallestFleet, fleet: 'Main' },
      'fleet: must be 1 to 32 lowercase letters',
    ],
    [
      'fleet name that begins with a hyphen, which no host name may',
      { ...smallestFleet, fleet: '-main' },
      'fleet: must be 1 to 32 lowercase letters, digits and hyphens, not starting with a hyphen',
    ],
    [
      'subnet that is there twice',
      { ...smallestFleet, bridgeSubnetIds: ['subnet-0aaaaaaa', 'subnet-0aaaaaaa'] },
      'bridgeSubnetIds[1]: subnet-0aaaaaaa is listed twice; remove one',
    ],
    [
      'instance type that is there twice',
      {
        ...smallestFleet,
        bridge: { instanceTypes: [{ type: 'c6i.xlarge' }, { type: 'c6i.xlarge', weight: 2 }] },
      },
      'bridge.instanceTypes[1]: c6i.xlarge is listed twice; remove one',
    ],
    [
      'number where text is due',
      { ...smallestFleet, account: 123456789012 },
      'account: must be text; put it in quotes',
    ],
    [
      'port range upside down',
      { ...smallestFleet, bridge: { mediaPorts: ['20000-10001/udp'] } },
      'bridge.mediaPorts[0]: must be ports from 1 to 65535, the lower port first',
    ],
    [
      'retention that CloudWatch does not have',
      { ...smallestFleet, logRetentionDays: 31 },
      'logRetentionDays: must be a number of days that CloudWatch Logs offers: 1, 3',
    ],
    [
      'text where a list is due',
      { ...smallestFleet, bridgeSubnetIds: 'subnet-0aaaaaaa' },
      'bridgeSubnetIds: must be a list, for example [subnet-0abc…]',
    ],
    [
      'text where a list with a default is due',
      { ...smallestFleet, bridge: { mediaPorts: '10000/udp' } },
      'bridge.mediaPorts: must be a list, for example [10000/udp]',
    ],
    [
      'text where a section is due',
      { ...smallestFleet, teardown: 'force' },
      'teardown: must be a section with the keys force',
    ],
    [
      'text where true or false is due',
      { ...smallestFleet, reservedConcurrency: 'yes' },
      'reservedConcurrency: must be true or false',
    ],
    [
      'fraction where a whole number is due',
      { ...smallestFleet, policy: { min: 1.5, max: 2 } },
      'policy.min: must be a whole number',
    ],
    [
      'text where a whole number is due',
      { ...smallestFleet, policy: { min: 1, max: 'two' } },
      'policy.max: must be a whole number',
    ],
    [
      'text where a number is due',
      { ...smallestFleet, policy: { min: 1, max: 2, targetStress: 'high' } },
      'policy.targetStress: must be a number',
    ],
    [
      'number that is too small',
      { ...smallestFleet, policy: { min: -1, max: 2 } },
      'policy.min: must be 0 or more',
    ],
    [
      'number that must be positive',
      { ...smallestFleet, policy: { min: 1, max: 2, silentSeconds: 0 } },
      'policy.silentSeconds: must be more than 0',
    ],
    [
      'number that is too large',
      { ...smallestFleet, policy: { min: 1, max: 2, targetStress: 7 } },
      'policy.targetStress: must be 1 or less',
    ],
    [
      'value that is none of the choices',
      { ...smallestFleet, policy: { min: 1, max: 2, forecast: 'maybe' } },
      'policy.forecast: must be on, off or shadow',
    ],
    ['missing key without choices', without('vpcId'), 'vpcId: is missing. VPC of the Jitsi Meet'],
    ['empty file', null, 'the file is empty; copy bridges.example.yaml'],
    ['file without keys', 'fleet', 'the file must hold keys and values'],
  ])('%s', (_, input, expected) => {
    expect(problemsOf(input)).toEqual([expect.stringContaining(expected)]);
  });

  it('names every fault at once, one line each, under the name of its source', () => {
    const input = { ...without('domain'), fleet: 'Main', egress: 'NAT' };
    expect(() => parseConfig(deploymentSchema, input, 'bridges.yaml')).toThrow(
      /^bridges\.yaml is invalid:\n {2}fleet: .+\n {2}egress: .+\n {2}domain: .+$/,
    );
  });
});

it('fills in every default', () => {
  const config = parseConfig(deploymentSchema, smallestFleet, 'bridges.yaml');
  expect(config).toMatchObject({
    bridge: { volumeGiB: 16, spot: { onDemandBase: 1, spotPercent: 0 } },
    policy: { min: 1, max: 10, targetStress: 0.75, forecast: 'on' },
    reservedConcurrency: true,
  });
});

test.each([
  ['component', '1126-1'],
  ['muc', '2.3-307-g4bb0aead1-1'],
])('fills in the package version that generation %s was tested with', (generation, version) => {
  const config = parseConfig(deploymentSchema, { ...smallestFleet, generation }, 'bridges.yaml');
  expect(config).toMatchObject({ packages: { version } });
});

it('takes a version in place of the one that would follow from the generation', () => {
  const version = '2.3-272-g0360d0488-1';
  const packages = { ...smallestFleet.packages, version };
  const given = { ...smallestFleet, generation: 'muc', packages };
  expect(parseConfig(deploymentSchema, given, 'bridges.yaml')).toMatchObject({
    packages: { version },
  });
});

it('accepts what it has parsed, unchanged', () => {
  const config = parseConfig(deploymentSchema, smallestFleet, 'bridges.yaml');
  expect(parseConfig(deploymentSchema, config, 'again')).toEqual(config);
});

test.each([
  ['the one that is given', { brewery: 'bridges@rooms.example.org' }, 'bridges@rooms.example.org'],
  ['that of the packages otherwise', {}, 'JvbBrewery@internal.auth.meet.example.org'],
])('the brewery is %s', (_, given, brewery) => {
  const input = { ...smallestFleet, generation: 'muc', ...given };
  expect(breweryOf(parseConfig(deploymentSchema, input, 'bridges.yaml'))).toBe(brewery);
});

it('takes neither domain nor room from its defaults where they are found on the server', () => {
  const { domain, ...others } = smallestFleet;
  expect(domain).toBeDefined();
  const server = { ...smallestFleet.server, kind: 'docker', composeProject: 'meet' };
  const config = parseConfig(
    deploymentSchema,
    { ...others, generation: 'muc', server },
    'bridges.yaml',
  );
  expect(config.domain).toBeUndefined();
  expect(breweryOf(config)).toBeUndefined();
  expect(parseConfig(deploymentSchema, config, 'again')).toEqual(config);
});
