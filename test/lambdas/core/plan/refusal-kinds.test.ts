import { blamesImage, refusalKind } from '../../../../lambdas/core/plan/refusal-kinds';

it.each([
  ['InsufficientInstanceCapacity', 'pool'],
  ['InsufficientFreeAddressesInSubnet', 'pool'],
  ['Unsupported', 'pool'],
  ['InvalidFleetConfiguration', 'pool'],
  ['SpotMaxPriceTooLow', 'pool'],
  ['UnfulfillableCapacity', 'untried'],
  ['VcpuLimitExceeded', 'account'],
  ['MaxSpotInstanceCountExceeded', 'account'],
  ['PendingVerification', 'account'],
  ['VolumeLimitExceeded', 'account'],
  ['Server.InsufficientInstanceCapacity', 'pool'],
  ['Client.InvalidKMSKey.InvalidState', 'permission'],
  ['RequestLimitExceeded', 'request'],
  ['UnauthorizedOperation', 'permission'],
  ['AuthFailure.ServiceLinkedRoleCreationNotPermitted', 'permission'],
  ['InvalidLaunchTemplateId.NotFound', 'request'],
  ['Unknown', 'request'],
])('%s is about the %s', (code, kind) => {
  expect(refusalKind(code)).toBe(kind);
});

const image = 'ami-0123456789abcdef0';

it.each([
  ['InvalidAMIID.NotFound', `The image id '[${image}]' does not exist`, true],
  [
    'UnauthorizedOperation',
    `not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1::image/${image}`,
    true,
  ],
  [
    'InvalidBlockDeviceMapping',
    "Volume of size 8GB is smaller than snapshot 'snap-01', expect size >= 10GB",
    true,
  ],
  ['InvalidBlockDeviceMapping', 'Invalid device name upload', false],
  [
    'UnauthorizedOperation',
    'not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/bridge',
    false,
  ],
  ['InsufficientInstanceCapacity', 'We currently do not have sufficient capacity', false],
])('%s (%s) is about the prebaked image: %s', (code, message, expected) => {
  expect(blamesImage({ code, message }, image)).toBe(expected);
});
