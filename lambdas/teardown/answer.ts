import type { Request } from './request';

export type Answer =
  { readonly status: 'SUCCESS' } | { readonly status: 'FAILED'; readonly reason: string };

/** CloudFormation refuses an answer of more than 4096 bytes. */
const reasonLimit = 2000;
const tries = 5;

/**
 * Tells CloudFormation how it went: without an answer a stack waits until its resource times out.
 *
 * @throws Error when CloudFormation cannot be told
 */
export async function answerTo(
  request: Request,
  answer: Answer,
  put: typeof fetch = fetch,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = request;
  const body = new TextEncoder().encode(
    JSON.stringify({
      Status: answer.status,
      ...(answer.status === 'FAILED' ? { Reason: answer.reason.slice(0, reasonLimit) } : {}),
      // Never another one: a new id would be a new resource, and the deletion of the old.
      PhysicalResourceId: LogicalResourceId,
      StackId,
      RequestId,
      LogicalResourceId,
    }),
  );
  for (let attempt = 1; ; attempt++) {
    try {
      // The address is signed for a request without a content type.
      const headers = { 'content-type': '' };
      const response = await put(ResponseURL, { method: 'PUT', headers, body });
      if (response.ok) return;
      throw new Error(`CloudFormation answered ${response.status}`);
    } catch (error) {
      if (attempt >= tries) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}
