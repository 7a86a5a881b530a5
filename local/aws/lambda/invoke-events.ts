import { AwsError } from '../errors';
import type { Interceptor } from '../interceptor';
import type { EventQueue } from './event-queue';
import { functionReference } from './function-reference';

const invocations = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Looks at every `Invoke`: a payload that is not JSON is refused before anything runs, which the
 * emulator does not do. `prepare` sees to what a function needs that is run at once, and may
 * refuse. Answers those of type `Event`: 202 for a function that exists, its event goes into the
 * queue.
 */
export function invokeEvents(
  queue: EventQueue,
  prepare: (functionName: string) => Promise<void> = () => Promise.resolve(),
): Interceptor {
  return async ({ action, raw }, send) => {
    const [, encodedName] = invocations.exec(action) ?? [];
    if (encodedName === undefined) return;
    const payload = jsonText(raw.body);
    if (raw.headers['x-amz-invocation-type'] !== 'Event') {
      await prepare(functionReference(decodeURIComponent(encodedName)).name);
      return;
    }
    const headers = { ...raw.headers, 'x-amz-invocation-type': 'DryRun' };
    const rehearsal = await send({ ...raw, headers });
    if (rehearsal.status !== 204) return rehearsal;
    const query = new URLSearchParams(raw.url.split('?')[1]);
    const qualifier = query.get('Qualifier') ?? undefined;
    const target = functionReference(decodeURIComponent(encodedName), qualifier);
    const requestId = queue.add(target, payload);
    return { status: 202, headers: { 'x-amzn-requestid': requestId }, body: '' };
  };
}

function jsonText(body: Buffer): string {
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    const message = `Could not parse request body into json: ${String(error)}`;
    throw new AwsError('InvalidRequestContentException', message);
  }
}
