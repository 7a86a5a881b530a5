import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { resourcesOf, type Audit } from './audit';
import type { Clock } from './clock';
import type { CloudFormation } from './cloudformation/cloudformation';
import { AwsError } from './errors';
import type { Faults } from './faults';
import { passOn, type HandlerTable } from './handler';
import type { Gate } from './iam/gate';
import { noteAssumedRole } from './iam/sessions';
import type { Principal } from './iam/access';
import type { Interceptor, Send } from './interceptor';
import type { Principals } from './principals';
import { parseRequest, type AwsRequest, type RawRequest } from './protocol/request';
import { writeError, writeResult, type RawResponse } from './protocol/response';
import type { Throttles } from './throttles';
import type { Proxy } from './proxy';

export interface RouterOptions {
  readonly handlers: HandlerTable;
  /** By service. */
  readonly interceptors: Readonly<Record<string, Interceptor>>;
  readonly proxy: Proxy;
  readonly audit: Audit;
  readonly principals: Principals;
  readonly gate: Gate;
  /** Absent where nothing is throttled. */
  readonly throttles: Throttles | undefined;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly cloudFormation: CloudFormation;
}

/** Takes each call to its handler, or on to the emulator, and notes it in the audit. */
export class Router {
  constructor(private readonly options: RouterOptions) {}

  async answer(raw: RawRequest, socket?: Socket): Promise<RawResponse> {
    const { audit, principals, clock } = this.options;
    if (raw.method === 'GET' && raw.url === '/_local/audit') {
      const headers = { 'content-type': 'application/json' };
      return { status: 200, headers, body: JSON.stringify(audit.entries()) };
    }
    const time = clock.now().toISOString();
    const request = readOrRefuse(raw);
    if (!('service' in request)) return request;
    const { service, action, accessKeyId } = request;
    const principal = await principals.of(accessKeyId, socket).catch(() => undefined);
    const response = await this.respond(request, principal);
    noteAssumedRole(request, response, principals);
    const errorCode = response.headers['x-amzn-errortype'];
    audit.add({
      time,
      principal: principal?.arn ?? 'unknown',
      service,
      action,
      resources: resourcesOf(request),
      status: response.status,
      ...(typeof errorCode === 'string' ? { errorCode } : {}),
    });
    return response;
  }

  private async respond(request: AwsRequest, caller: Principal | undefined): Promise<RawResponse> {
    const { handlers, interceptors, proxy, faults, gate, cloudFormation } = this.options;
    const { service, action, region, input } = request;
    const requestId = randomUUID();
    try {
      const principal = await gate.admit(request, caller);
      const throttled = this.options.throttles?.refusal(service, action);
      if (throttled !== undefined) throw throttled;
      const fault = faults.before?.({ service, action, principal: principal.arn });
      if (fault !== undefined) throw fault;
      const handler = handlers[service]?.[action];
      if (handler !== undefined) {
        const output = await handler({ input, region, principal, requestId });
        if (output !== passOn) return writeResult(request, output, requestId);
      }
      const send: Send = (raw) => proxy.send(raw);
      if (service === 'cloudformation') return await cloudFormation.answer(request, send);
      const intercepted = await interceptors[service]?.(request, send);
      return intercepted ?? (await send(request.raw));
    } catch (error) {
      if (error instanceof AwsError) return writeError(request, error, requestId);
      const message = error instanceof Error ? error.message : String(error);
      return writeError(request, new AwsError('InternalFailure', message, 500), requestId);
    }
  }
}

/** The call, or the answer to a body that cannot be read. */
function readOrRefuse(raw: RawRequest): AwsRequest | RawResponse {
  try {
    return parseRequest(raw);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const headers = { 'x-amzn-errortype': 'SerializationException' };
    const body = JSON.stringify({ __type: 'SerializationException', message });
    return { status: 400, headers, body };
  }
}
