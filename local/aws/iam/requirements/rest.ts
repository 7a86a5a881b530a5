import type { AwsRequest } from '../../protocol/request';
import type { Access } from '../access';
import type { AuthorizationWorld } from '../world';

/** Lambda's calls by method and path; the group is the function. */
const lambdaCalls: readonly (readonly [method: string, path: RegExp, action: string])[] = [
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, 'InvokeFunction'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, 'UpdateFunctionConfiguration'],
  ['PUT', /^\/2015-03-31\/functions\/([^/]+)\/code$/, 'UpdateFunctionCode'],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'GetPolicy'],
  ['POST', /^\/2015-03-31\/functions\/([^/]+)\/policy$/, 'AddPermission'],
  ['GET', /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
  ['PUT', /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, 'PutFunctionConcurrency'],
  ['DELETE', /^\/2017-10-31\/functions\/([^/]+)\/concurrency$/, 'DeleteFunctionConcurrency'],
  [
    'GET',
    /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
    'GetFunctionEventInvokeConfig',
  ],
  [
    'PUT',
    /^\/2019-09-25\/functions\/([^/]+)\/event-invoke-config$/,
    'PutFunctionEventInvokeConfig',
  ],
  [
    'GET',
    /^\/2015-03-31\/functions\/([^/]+)\/event-invoke-config$/,
    'GetFunctionEventInvokeConfig',
  ],
  ['GET', /^\/2015-03-31\/functions\/([^/]+)$/, 'GetFunction'],
  ['DELETE', /^\/2015-03-31\/functions\/([^/]+)$/, 'DeleteFunction'],
];

/** What a call of Lambda's needs; undefined for a call that is not in the table. */
export function lambdaAccess(
  { raw }: AwsRequest,
  world: AuthorizationWorld,
): readonly Access[] | undefined {
  const [path = '/', query] = raw.url.split('?');
  if (/^\/2016-08-19\/account-settings\/?$/.test(path)) {
    return [{ action: 'lambda:GetAccountSettings', resource: '*' }];
  }
  if (path.replace(/\/$/, '') === '/2015-03-31/functions') {
    return raw.method === 'GET'
      ? [{ action: 'lambda:ListFunctions', resource: '*' }]
      : [{ action: 'lambda:CreateFunction', resource: functionArn(world, 'new') }];
  }
  for (const [method, pattern, action] of lambdaCalls) {
    const encoded = method === raw.method ? pattern.exec(path)?.[1] : undefined;
    if (encoded === undefined) continue;
    const qualifier = new URLSearchParams(query).get('Qualifier');
    const name = decodeURIComponent(encoded).replace(/^.*function:/, '');
    const qualified = qualifier === null ? name : `${name}:${qualifier}`;
    return [{ action: `lambda:${action}`, resource: functionArn(world, qualified) }];
  }
  return undefined;
}

export function functionArn(
  { region, accountId }: Pick<AuthorizationWorld, 'region' | 'accountId'>,
  name: string,
): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** Sub-resources of a bucket that are read and written by permissions of their own. */
const bucketActions: Readonly<Record<string, readonly [read: string, write: string]>> = {
  location: ['s3:GetBucketLocation', 's3:CreateBucket'],
  encryption: ['s3:GetEncryptionConfiguration', 's3:PutEncryptionConfiguration'],
  versioning: ['s3:GetBucketVersioning', 's3:PutBucketVersioning'],
  policy: ['s3:GetBucketPolicy', 's3:PutBucketPolicy'],
  tagging: ['s3:GetBucketTagging', 's3:PutBucketTagging'],
};

/** What a call of S3's needs: the bucket is in the host name or first in the path. */
export function s3Access({ raw }: AwsRequest): readonly Access[] {
  const [path = '/', query] = raw.url.split('?');
  const host = raw.headers.host ?? '';
  const inHost = /^(.+?)\.(?:s3[.-]|127\.0\.0\.1|localhost)/.exec(host)?.[1];
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const [bucket, ...key] = inHost === undefined ? parts : [inHost, ...parts];
  if (bucket === undefined) return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const isRead = raw.method === 'GET' || raw.method === 'HEAD';
  if (key.length > 0) {
    const resource = `arn:aws:s3:::${bucket}/${key.join('/')}`;
    const write = raw.method === 'DELETE' ? 's3:DeleteObject' : 's3:PutObject';
    return [{ action: isRead ? 's3:GetObject' : write, resource }];
  }
  const resource = `arn:aws:s3:::${bucket}`;
  const part = [...new URLSearchParams(query).keys()].find((name) => name in bucketActions);
  const [read, write] = bucketActions[part ?? ''] ?? ['s3:ListBucket', 's3:CreateBucket'];
  return [{ action: isRead ? read : write, resource }];
}
