import { accountOf, instanceArn } from '../../../lambdas/registrar/owner';

test('an instance’s ARN takes partition, region and account from the function’s', () => {
  const account = accountOf('arn:aws-cn:lambda:cn-north-1:210987654321:function:registrar:live');
  expect(instanceArn(account, 'i-0aaaaaaaa')).toBe(
    'arn:aws-cn:ec2:cn-north-1:210987654321:instance/i-0aaaaaaaa',
  );
});

test('what is no ARN is refused', () => {
  expect(() => accountOf('registrar')).toThrow('Not the ARN');
});
