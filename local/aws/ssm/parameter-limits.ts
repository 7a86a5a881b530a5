import { AwsError } from '../errors';
import type { Interceptor } from '../interceptor';

const standardBytes = 4096;

/** Parameters of the standard tier are limited, which the emulator does not know. */
export const limitParameters: Interceptor = ({ action, input }) => {
  const { Value, Tier } = input;
  const isTooLarge =
    action === 'PutParameter' &&
    Tier !== 'Advanced' &&
    Tier !== 'Intelligent-Tiering' &&
    typeof Value === 'string' &&
    Buffer.byteLength(Value) > standardBytes;
  if (isTooLarge) {
    throw new AwsError(
      'ValidationException',
      `Standard tier parameters support a maximum parameter value of ${standardBytes} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  return Promise.resolve(undefined);
};
