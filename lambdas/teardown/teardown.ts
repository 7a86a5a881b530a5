import { printableError } from '../core/protocol/printable';
import type { Answer } from './answer';
import { emptyFleet } from './empty';
import type { TeardownEnv } from './env';
import type { TeardownPorts } from './ports';
import { orderOf, type Request } from './request';
import { sweep } from './sweep';

/**
 * The stack itself is going. A single resource of it is also deleted when an update is rolled back
 * or takes the resource out; that must not cost a fleet.
 */
const goingStatus = ['DELETE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'];

/** Does what a request asks for; how it went is the answer, never an error. */
export async function tearDown(
  ports: TeardownPorts,
  env: TeardownEnv,
  request: Request,
): Promise<Answer> {
  if (request.RequestType !== 'Delete') return { status: 'SUCCESS' };
  try {
    const { step, calls } = orderOf(request);
    const stackStatus = await ports.stackStatus(request.StackId);
    ports.log('asked to delete', { step, calls, stackStatus });
    if (!goingStatus.includes(stackStatus)) return { status: 'SUCCESS' };
    await { empty: emptyFleet, sweep }[step](ports, env, calls);
    return { status: 'SUCCESS' };
  } catch (error) {
    return { status: 'FAILED', reason: printableError(error, 2000) };
  }
}
