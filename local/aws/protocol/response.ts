import type { AwsError } from '../errors';
import type { AwsRequest } from './request';
import { escapeXml, toXml } from './xml';

export interface RawResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer | string;
}

/** Result of a handler: members by their wire name; dates as `Date`. */
export type Output = Readonly<Record<string, unknown>>;

const queryNamespaces: Record<string, string> = {
  monitoring: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
};

/** Writes a result in the protocol of its request. */
export function writeResult(request: AwsRequest, output: Output, requestId: string): RawResponse {
  const { action } = request;
  switch (request.protocol) {
    case 'json':
    case 'rest':
      return json(request, 200, toJson(output), requestId);
    case 'ec2': {
      const inner = `<requestId>${requestId}</requestId>${toXml(output, 'item')}`;
      const namespace = 'http://ec2.amazonaws.com/doc/2016-11-15/';
      return xml(200, `<${action}Response xmlns="${namespace}">${inner}</${action}Response>`);
    }
    case 'query': {
      const result = `<${action}Result>${toXml(output, 'member')}</${action}Result>`;
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
      const namespace = queryNamespaces[request.service] ?? '';
      return xml(
        200,
        `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`,
      );
    }
  }
}

/** Writes an error in the protocol of its request. */
export function writeError(request: AwsRequest, error: AwsError, requestId: string): RawResponse {
  const code = escapeXml(error.code);
  const message = escapeXml(error.message);
  if (request.service === 's3') {
    const body = `<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`;
    return xml(error.status, body);
  }
  switch (request.protocol) {
    case 'json':
    case 'rest': {
      const body = { __type: error.code, message: error.message };
      const answer = json(request, error.status, body, requestId);
      const side = error.status < 500 ? 'Sender' : 'Receiver';
      const headers = {
        ...answer.headers,
        'x-amzn-errortype': error.code,
        'x-amzn-query-error': `${error.code};${side}`,
      };
      return { ...answer, headers };
    }
    case 'ec2':
      return xml(
        error.status,
        `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      );
    case 'query':
      return xml(
        error.status,
        `<ErrorResponse><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
  }
}

function xml(status: number, body: string): RawResponse {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body: text };
}

function json(request: AwsRequest, status: number, body: unknown, requestId: string): RawResponse {
  const type = request.raw.headers['content-type'] ?? 'application/x-amz-json-1.1';
  const headers = { 'content-type': type, 'x-amzn-requestid': requestId };
  return { status, headers, body: JSON.stringify(body) };
}

/** Dates are epoch seconds in AWS's JSON protocols. */
function toJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, toJson(member)]),
    );
  }
  return value;
}
