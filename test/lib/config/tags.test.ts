import { ConfigError, parseConfig } from '../../../lib/config/parse-config';
import { deploymentSchema } from '../../../lib/config/schema';
import { smallestFleet } from './example-config';

const parsed = (tags: unknown, changes: object = {}) =>
  parseConfig(deploymentSchema, { ...smallestFleet, ...changes, tags }, 'bridges.yaml');

function problemsOf(tags: unknown, changes: object = {}): readonly string[] {
  try {
    parsed(tags, changes);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

it('are none by default', () => {
  expect(parseConfig(deploymentSchema, smallestFleet, 'test').tags).toEqual({});
});

it('may be what all services of AWS take', () => {
  const tags = { 'cost-center': 'Müller & Söhne'.replace('&', '+'), 'a:b_c.d=e@f': '' };
  expect(parsed(tags).tags).toEqual(tags);
  expect(problemsOf({ ['k'.repeat(128)]: 'v'.repeat(256) })).toEqual([]);
});

it('may have values that only CloudFormation knows', () => {
  expect(problemsOf({ owner: '${Token[TOKEN.12]}' })).toEqual([]);
});

test.each<[string, unknown, string]>([
  [
    'a prefix of AWS',
    { 'aws:owner': 'x' },
    'tags.aws:owner: keys that start with aws: are reserved',
  ],
  ['… in any case', { 'AWS:owner': 'x' }, 'tags.AWS:owner: keys that start with aws: are reserved'],
  ['our own prefix', { 'bridges:fleet': 'x' }, 'tags.bridges:fleet: keys that start with bridges:'],
  ['the name', { Name: 'x' }, 'tags.Name: the fleet sets Name itself; choose another key'],
  ['a long key', { ['k'.repeat(129)]: 'x' }, 'the key must have 128 characters or fewer'],
  ['a long value', { owner: 'v'.repeat(257) }, 'tags.owner: must have 256 characters or fewer'],
  ['a space in a key', { 'cost center': 'x' }, 'tags.cost center: the key must be of letters'],
  ['a slash in a key', { 'team/owner': 'x' }, 'since EC2 allows no space or slash in tags'],
  ['an empty key', { '': 'x' }, 'the key must be of letters, digits'],
  ['a key that is a path', { _index: 'x' }, 'tags._index: the key must be of letters'],
  [
    'a value with odd characters',
    { owner: 'a;b' },
    'tags.owner: must be of letters, digits, spaces',
  ],
  [
    'two keys that IAM takes for one',
    { Team: 'a', team: 'b' },
    'tags.team: differs from Team only',
  ],
  ['a number', { costCenter: 4711 }, 'tags.costCenter: must be text; put it in quotes'],
  ['a list', ['video'], 'tags: must be keys and values, for example { cost-center: video }'],
  [
    'too many',
    Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`key-${index}`, 'x'])),
    'tags: must be 40 tags or fewer',
  ],
])('%s is refused', (_name, tags, problem) => {
  expect(problemsOf(tags)).toEqual([expect.stringContaining(problem)]);
});

it('must fit into the environment of a function, together with the policy', () => {
  const tags = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`key-${index}`, 'v'.repeat(240)]),
  );
  expect(problemsOf(tags)).toEqual([
    expect.stringMatching(/^tags: must be shorter: with the policy they have \d+ characters and/),
  ]);
});
