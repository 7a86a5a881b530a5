/** Addresses and names of the embedded cloud; all inside its private network namespace. */
export const cloud = {
  region: 'us-east-1',
  account: '123456789012',
  fleet: 'local',
  domain: 'meet.test',
  /** Router of the VPC; the AWS API and the package repository answer there. */
  routerAddress: '10.213.0.1',
  apiPort: 4566,
  ministackPort: 4567,
  repositoryPort: 8090,
  metadataAddress: '169.254.169.254',
  vpcId: 'vpc-0123456789abcdef0',
  vpcCidr: '10.213.0.0/16',
  subnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0bbbbbbbbbbbbbbb2', 'subnet-0ccccccccccccccc3'],
  imageId: 'ami-0a0a0a0a0a0a0a0a0',
} as const;

/** Server A: there before the fleet, as on the operator's side. */
export const serverA = {
  instanceId: 'i-0a0a0a0a0a0a0a0a0',
  address: '10.213.0.10',
  roleName: 'jitsi-meet-server',
  securityGroupId: 'sg-0123456789abcdef0',
  /** Control port of the Jicofo stand-in, for the meeting generator. */
  jicofoPort: 8888,
} as const;

/** Credentials that the emulator takes; they open nothing anywhere else. */
export const dummyCredentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export const stackName = `JitsiBridges-${cloud.fleet}`;
export const apiUrl = `http://127.0.0.1:${cloud.apiPort}`;

/** Environment of everything in the cloud's namespace that speaks to the emulated AWS. */
export function awsEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: dummyCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: dummyCredentials.secretAccessKey,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
