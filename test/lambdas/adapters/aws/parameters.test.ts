import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { readParameter } from '../../../../lambdas/adapters/aws/parameters';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

test('reads a value in the clear', async () => {
  ssm.on(GetParameterCommand, { Name: '/a', WithDecryption: true }).resolves({
    Parameter: { Value: 'x' },
  });
  await expect(readParameter(new SSMClient(), '/a')).resolves.toBe('x');
});

test('an absent parameter is an answer, any other failure is not', async () => {
  ssm
    .on(GetParameterCommand)
    .rejectsOnce(new ParameterNotFound({ message: 'no', $metadata: {} }))
    .rejectsOnce(new Error('denied'));
  await expect(readParameter(new SSMClient(), '/a')).resolves.toBeUndefined();
  await expect(readParameter(new SSMClient(), '/a')).rejects.toThrow('denied');
});
