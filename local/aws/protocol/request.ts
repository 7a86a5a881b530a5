import { gunzipSync } from 'node:zlib';
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../errors';
import { parseForm } from './form';

/** How a call is written on the wire; the answer is written the same way. */
export type Protocol = 'json' | 'ec2' | 'query' | 'rest';

/** An HTTP request as it came in; the body is still compressed when the client compressed it. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A call of the AWS API. */
export interface AwsRequest {
  /**
   * Service as the signature's credential scope names it (`ec2`, `ssm`, `monitoring`,
   * `cloudformation`…); empty when unsigned.
   */
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** `DescribeInstances`; for REST protocols `GET /path`. */
  readonly action: string;
  readonly protocol: Protocol;
  /** Wire input: JSON as it is, forms as trees of strings. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly raw: RawRequest;
}

const signature = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/**
 * Reads service, action and input of a signed call. Throws {@link AwsError}
 * `SerializationException` for a broken body.
 */
export function parseRequest(raw: RawRequest): AwsRequest {
  const [, accessKeyId = '', region = 'us-east-1', service = ''] =
    signature.exec(raw.headers.authorization ?? '') ?? [];
  const scope = { accessKeyId, region, service, raw };
  const path = raw.url.split('?')[0] ?? '/';

  const target = raw.headers['x-amz-target'];
  if (typeof target === 'string') {
    const action = target.slice(target.lastIndexOf('.') + 1);
    return { ...scope, action, protocol: 'json', input: parseJson(decodedBody(raw)) };
  }
  if ((raw.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) {
    const { Action, ...input } = parseForm(decodedBody(raw));
    if (typeof Action === 'string') {
      return { ...scope, action: Action, protocol: service === 'ec2' ? 'ec2' : 'query', input };
    }
  }
  return { ...scope, action: `${raw.method} ${path}`, protocol: 'rest', input: {} };
}

/** CloudWatch clients compress bodies of more than 10 KB. */
function decodedBody(raw: RawRequest): string {
  const body = raw.headers['content-encoding'] === 'gzip' ? gunzipSync(raw.body) : raw.body;
  return body.toString('utf8');
}

function parseJson(text: string): Record<string, unknown> {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, as for any other body that is no object.
  }
  throw new AwsError('SerializationException', 'the body is not a JSON object');
}
