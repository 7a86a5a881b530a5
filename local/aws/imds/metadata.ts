import type { Instance } from '../ec2/instance';
import { viewOf } from '../ec2/model';
import type { RoleCredentialsSource } from './role-credentials';

/** A tree of metadata: texts, and folders whose content is made when asked for. */
type Entry = string | (() => Promise<string | undefined>) | { readonly [name: string]: Entry };

export interface MetadataPlace {
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601, for the credentials' `LastUpdated`. */
  readonly now: string;
}

/**
 * What `/latest/<path>` says on an instance; undefined is a 404. A folder answers its names, one a
 * line.
 */
export async function readMetadata(
  instance: Instance,
  path: readonly string[],
  credentials: RoleCredentialsSource,
  place: MetadataPlace,
): Promise<string | undefined> {
  let entry: Entry | undefined = await tree(instance, credentials, place);
  for (const name of path) {
    if (typeof entry !== 'object' || !Object.hasOwn(entry, name)) return undefined;
    entry = entry[name];
  }
  if (typeof entry === 'function') return entry();
  if (typeof entry !== 'object') return entry;
  return Object.entries(entry)
    .map(([name, child]) => (typeof child === 'object' ? `${name}/` : name))
    .join('\n');
}

async function tree(
  instance: Instance,
  credentials: RoleCredentialsSource,
  { accountId, region, now }: MetadataPlace,
): Promise<Entry> {
  const { spec } = instance;
  const tags = instance.bootTags ?? viewOf(instance)?.tags ?? instance.tags;
  const roleArn = await credentials.roleArn(instance);
  const roleName = roleArn?.slice(roleArn.lastIndexOf('/') + 1);
  const mac = macOf(spec.privateIpAddress);
  const document = {
    accountId,
    architecture: 'x86_64',
    availabilityZone: spec.availabilityZone,
    imageId: spec.imageId,
    instanceId: spec.instanceId,
    instanceType: spec.instanceType,
    pendingTime: spec.launchTime.toISOString().replace(/\.\d+Z$/, 'Z'),
    privateIp: spec.privateIpAddress,
    region,
    version: '2017-09-30',
  };
  const role =
    roleArn === undefined || roleName === undefined
      ? {}
      : {
          iam: {
            info: JSON.stringify({
              Code: 'Success',
              LastUpdated: now,
              InstanceProfileArn:
                spec.profileArn ?? roleArn.replace(':role/', ':instance-profile/'),
              InstanceProfileId: 'AIPALOCALLOCALLOCAL00',
            }),
            'security-credentials': {
              [roleName]: async () => {
                const issued = await credentials.credentials(instance, roleArn);
                return JSON.stringify({
                  Code: 'Success',
                  LastUpdated: now,
                  Type: 'AWS-HMAC',
                  AccessKeyId: issued.AccessKeyId,
                  SecretAccessKey: issued.SecretAccessKey,
                  Token: issued.SessionToken,
                  Expiration: issued.Expiration,
                });
              },
            },
          },
        };
  const withTags = spec.metadataOptions.instanceMetadataTags === 'enabled';
  const userData = Buffer.from(spec.userData, 'base64').toString('utf8');
  return {
    dynamic: { 'instance-identity': { document: JSON.stringify(document, null, 2) } },
    'meta-data': {
      'ami-id': spec.imageId,
      hostname: `ip-${spec.privateIpAddress.replaceAll('.', '-')}.ec2.internal`,
      ...role,
      'instance-id': spec.instanceId,
      'instance-life-cycle': spec.lifecycle,
      'instance-type': spec.instanceType,
      'local-hostname': `ip-${spec.privateIpAddress.replaceAll('.', '-')}.ec2.internal`,
      'local-ipv4': spec.privateIpAddress,
      mac,
      placement: { 'availability-zone': spec.availabilityZone, region },
      'public-ipv4': spec.publicIpAddress,
      ...(withTags ? { tags: { instance: Object.fromEntries(tags) } } : {}),
    },
    ...(userData === '' ? {} : { 'user-data': userData }),
  };
}

function macOf(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return ['02', '00', ...bytes].join(':');
}
