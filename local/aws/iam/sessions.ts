import type { Principals } from '../principals';
import type { AwsRequest } from '../protocol/request';
import type { RawResponse } from '../protocol/response';
import { textOf } from './requirements/requirement';

/**
 * Notes whose the credentials are that STS just gave out, so that calls with them are their
 * role's.
 */
export function noteAssumedRole(
  request: AwsRequest,
  response: RawResponse,
  principals: Principals,
): void {
  if (request.service !== 'sts' || request.action !== 'AssumeRole') return;
  if (response.status !== 200) return;
  const text = response.body.toString();
  const key =
    /<AccessKeyId>([^<]+)</.exec(text)?.[1] ?? /"AccessKeyId":\s*"([^"]+)"/.exec(text)?.[1];
  if (key === undefined) return;
  principals.register(key, textOf(request, 'RoleArn'), textOf(request, 'RoleSessionName'));
}
