import { AwsError } from '../errors';
import type { Interceptor } from '../interceptor';
import { writeResult } from '../protocol/response';

/** So many executions of an account cannot be reserved. */
const unreservedExecutions = 50;

/**
 * Throws what the deployment of a template comes to that reserves more than the account's quota
 * allows; AWS says so when the function is made, and rolls back.
 */
export function checkReservations(reserved: Iterable<number>, quota: number): void {
  const sum = [...reserved].reduce((total, one) => total + one, 0);
  if (sum === 0 || sum <= quota - unreservedExecutions) return;
  throw new AwsError(
    'ValidationError',
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedExecutions}]. (Service: Lambda, Status Code: 400)`,
  );
}

/** Lambda's GetAccountSettings with the account's own quota. */
export function accountSettings(quota: number): Interceptor {
  return async (request, send) => {
    if (!/^GET \/2016-08-19\/account-settings\/?$/.test(request.action)) return undefined;
    const response = await send(request.raw);
    const settings = JSON.parse(response.body.toString() || '{}') as {
      readonly AccountLimit?: object;
    };
    const AccountLimit = {
      ...settings.AccountLimit,
      ConcurrentExecutions: quota,
      UnreservedConcurrentExecutions: quota,
    };
    return writeResult(request, { ...settings, AccountLimit }, 'local');
  };
}
