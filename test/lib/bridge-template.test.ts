import { Match } from 'aws-cdk-lib/assertions';

import { userDataLimitBytes } from '../../lib/user-data';
import { synthesizeFleet, textOf } from './synthesize';

const template = synthesizeFleet();

const launchData = (data: object) =>
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: Match.objectLike(data),
  });

it('requires IMDSv2 on the machine itself and offers the instance tags there', () => {
  launchData({
    MetadataOptions: {
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
      InstanceMetadataTags: 'enabled',
    },
  });
});

it('encrypts the volume, which goes with the instance, and terminates what powers itself off', () => {
  launchData({
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/sda1',
        Ebs: { DeleteOnTermination: true, Encrypted: true, VolumeSize: 16, VolumeType: 'gp3' },
      },
    ],
    InstanceInitiatedShutdownBehavior: 'terminate',
  });
});

it('tags volumes and network interfaces, and leaves the tags of instances to the launch request', () => {
  const Tags = [
    { Key: 'bridges:fleet', Value: 'main' },
    { Key: 'Name', Value: 'jitsi-bridge-main' },
  ];
  launchData({
    TagSpecifications: [
      { ResourceType: 'volume', Tags },
      { ResourceType: 'network-interface', Tags },
    ],
  });
});

it('has no key pair: nobody logs in', () => {
  launchData({ KeyName: Match.absent() });
});

test.each([
  ['a literal image id', 'ami-0123456789abcdef0', 'ami-0123456789abcdef0'],
  ['a parameter that CloudFormation reads', '/my/image', /^<SsmParameterValuemyimage.+>$/],
])('launches %s', (_, imageId, expected) => {
  const launchTemplates = synthesizeFleet({ bridge: { imageId } }).findResources(
    'AWS::EC2::LaunchTemplate',
  );
  const [data] = Object.values(launchTemplates) as {
    Properties: { LaunchTemplateData: { ImageId: unknown } };
  }[];
  expect(textOf(data?.Properties.LaunchTemplateData.ImageId)).toMatch(expected);
});

describe('user data', () => {
  const [resource] = Object.values(template.findResources('AWS::EC2::LaunchTemplate')) as {
    Properties: { LaunchTemplateData: { UserData: unknown } };
  }[];
  const userData = textOf(resource?.Properties.LaunchTemplateData.UserData);

  it('fits into what EC2 takes', () => {
    expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(userDataLimitBytes);
  });

  it('is a bash script with the settings of the fleet', () => {
    expect(userData).toMatch(/^#!\/bin\/bash\n/);
    for (const line of [
      "BRIDGES_DOMAIN='meet.example.org'",
      "BRIDGES_SERVER_ADDRESS='10.0.0.10'",
      "BRIDGES_PARAMETERS='/jitsi-bridges/main'",
      "BRIDGES_REGION='<AWS::Region>'",
      "BRIDGES_PACKAGE_VERSION='1126-1'",
    ])
      expect(userData.split('\n')).toContain(line);
  });

  it('says nothing of the endpoint: that comes from the machine', () => {
    expect(userData).not.toMatch(/^AWS_ENDPOINT_URL=/m);
  });
});
