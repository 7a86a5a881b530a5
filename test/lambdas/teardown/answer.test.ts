import { answerTo } from '../../../lambdas/teardown/answer';
import { parseRequest } from '../../../lambdas/teardown/request';
import { requestOf } from './fake-fleet';

interface Put {
  readonly url: string;
  readonly init: RequestInit | undefined;
}

/** Answers with these status codes one after the other; 0 is a broken connection. */
function serverThat(...codes: readonly number[]) {
  const puts: Put[] = [];
  const put: typeof fetch = (url, init) => {
    puts.push({ url: url instanceof Request ? url.url : url.toString(), init });
    const code = codes[puts.length - 1] ?? 200;
    return code === 0
      ? Promise.reject(new Error('broken'))
      : Promise.resolve(new Response(null, { status: code }));
  };
  return { puts, put };
}

const bodyOf = (put: Put | undefined): unknown =>
  JSON.parse(new TextDecoder().decode(put?.init?.body as Uint8Array));

it('puts the answer to the address of the request, without a content type', async () => {
  const { puts, put } = serverThat(200);
  const request = requestOf('Delete', {});
  await answerTo(request, { status: 'FAILED', reason: 'calls' }, put);
  expect(puts).toHaveLength(1);
  expect(puts[0]).toMatchObject({
    url: request.ResponseURL,
    init: { method: 'PUT', headers: { 'content-type': '' } },
  });
  expect(bodyOf(puts[0])).toEqual({
    Status: 'FAILED',
    Reason: 'calls',
    PhysicalResourceId: 'FleetTeardownEmpty',
    StackId: request.StackId,
    RequestId: 'request',
    LogicalResourceId: 'FleetTeardownEmpty',
  });
});

it('keeps a resource the same one, whatever the request', async () => {
  const { puts, put } = serverThat(200, 200);
  await answerTo(requestOf('Create', {}), { status: 'SUCCESS' }, put);
  await answerTo(requestOf('Update', { force: 'true' }), { status: 'SUCCESS' }, put);
  const [created, updated] = puts.map(bodyOf) as { PhysicalResourceId: string }[];
  expect(created?.PhysicalResourceId).toBe(updated?.PhysicalResourceId);
});

it('tries again when CloudFormation does not take it', async () => {
  const { puts, put } = serverThat(0, 503, 200);
  await answerTo(requestOf('Delete', {}), { status: 'SUCCESS' }, put);
  expect(puts).toHaveLength(3);
});

it('refuses a request without an address, and does not repeat the values', () => {
  expect(() => parseRequest({ ...requestOf('Delete', {}), ResponseURL: 'secret' })).toThrow(
    /^Not a request of CloudFormation: (?!.*secret).*ResponseURL/s,
  );
});
