import {
  architectureOf,
  architectureOfImage,
  instanceTypeFaults,
} from '../../../lib/config/instance-types';
import { ConfigError, parseConfig } from '../../../lib/config/parse-config';
import { deploymentSchema } from '../../../lib/config/schema';
import { smallestFleet } from './example-config';

const canonical = (architecture: string) =>
  `/aws/service/canonical/ubuntu/server/22.04/stable/current/${architecture}/hvm/ebs-gp2/ami-id`;
const debian = (architecture: string) => `/aws/service/debian/release/12/latest/${architecture}`;

function problemsOf(bridge: object): readonly string[] {
  try {
    parseConfig(deploymentSchema, { ...smallestFleet, bridge }, 'bridges.yaml');
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test.each([
  ...['c7g', 'c8g', 'm7g', 'm7gd', 'c7gn', 'r8g', 't4g', 'im4gn', 'is4gen', 'x2gd', 'hpc7g', 'a1'],
  ...['i4g', 'i8ge', 'g5g', 'c8gb'],
])('%s is arm64', (family) => {
  expect(architectureOf(`${family}.xlarge`)).toBe('arm64');
});

test.each([
  ...['c5', 'c5n', 'c6i', 'c6a', 'c7a', 'c7i-flex', 'm5zn', 'x2idn', 'x2iezn', 'z1d', 'hpc7a'],
  ...['g4dn', 'g4ad', 'g5', 'g6', 'gr6', 't3', 't3a', 'r7iz', 'u-6tb1', 'i4i', 'trn1n'],
])('%s is x86_64', (family) => {
  expect(architectureOf(`${family}.xlarge`)).toBe('x86_64');
});

test.each([
  [canonical('amd64'), 'x86_64'],
  [canonical('arm64'), 'arm64'],
  [debian('arm64'), 'arm64'],
  ['/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64', 'x86_64'],
  ['/our/images/bridge', undefined],
  ['/our/charm64/bridge', undefined],
  ['ami-0123456789abcdef0', undefined],
])('the image %s is for %s', (imageId, architecture) => {
  expect(architectureOfImage(imageId)).toBe(architecture);
});

test.each(['t2.xlarge', 'm4.2xlarge', 'c4.8xlarge', 'r4.xlarge', 'm3.large', 'c3.xlarge'])(
  '%s is refused, since it runs on Xen',
  (type) => {
    expect(problemsOf({ instanceTypes: [{ type: 'c6i.xlarge' }, { type }] })).toEqual([
      `bridge.instanceTypes[1].type: ${type} runs on Xen, where an instance sees a new tag only after it was stopped: a bridge would never learn that it is registered; choose a Nitro type, for example c6i.xlarge`,
    ]);
  },
);

it('takes metal, where a family that is otherwise on Xen is on Nitro', () => {
  expect(problemsOf({ instanceTypes: [{ type: 'i3.metal' }] })).toEqual([]);
});

it('refuses x86 and arm64 in one fleet, with one sentence', () => {
  const instanceTypes = [{ type: 'c6i.xlarge' }, { type: 'c7g.xlarge' }, { type: 'm7g.xlarge' }];
  expect(problemsOf({ instanceTypes })).toEqual([
    'bridge.instanceTypes: c7g.xlarge is arm64 and c6i.xlarge is x86_64, and a fleet has one image: keep the types of one architecture',
  ]);
});

test.each([
  [canonical('amd64'), 'c7g.xlarge', 'x86_64', 'arm64', canonical('arm64')],
  [canonical('arm64'), 'c6i.xlarge', 'arm64', 'x86_64', canonical('amd64')],
  [debian('arm64'), 'c6i.xlarge', 'arm64', 'x86_64', debian('amd64')],
  ['/our/al2023-arm64', 'c6i.xlarge', 'arm64', 'x86_64', '/our/al2023-x86_64'],
])('%s does not fit %s', (imageId, type, ofImage, ofType, fix) => {
  expect(problemsOf({ imageId, instanceTypes: [{ type }] })).toEqual([
    `bridge.imageId: is an image for ${ofImage}, and ${type} is ${ofType}; set imageId to ${fix}, or choose other instance types`,
  ]);
});

it('tells that the default image does not fit arm64 types', () => {
  expect(problemsOf({ instanceTypes: [{ type: 'c7g.xlarge' }] })).toEqual([
    expect.stringContaining('current/arm64/hvm'),
  ]);
});

it('takes an image whose architecture is not known, and types that only CloudFormation knows', () => {
  const imageId = 'ami-0123456789abcdef0';
  expect(problemsOf({ imageId, instanceTypes: [{ type: 'c7g.xlarge' }] })).toEqual([]);
  const token = '${Token[TOKEN.7]}';
  expect(instanceTypeFaults([{ type: token }, { type: 'c6i.xlarge' }], token)).toEqual([]);
  expect(instanceTypeFaults([{ type: token }], canonical('amd64'))).toEqual([]);
});
