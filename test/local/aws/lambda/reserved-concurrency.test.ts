import { reservedConcurrency } from '../../../../local/aws/lambda/reserved-concurrency';

const resource = (Type: string, limit?: unknown) => ({
  Type,
  Properties: limit === undefined ? {} : { ReservedConcurrentExecutions: limit },
});

it('finds the limits of functions, zero included, and of nothing else', () => {
  const limits = reservedConcurrency({
    Resources: {
      One: resource('AWS::Lambda::Function', 1),
      Text: resource('AWS::Lambda::Function', '5'),
      Stopped: resource('AWS::Lambda::Function', 0),
      Free: resource('AWS::Lambda::Function'),
      Computed: resource('AWS::Lambda::Function', { Ref: 'Parameter' }),
      Other: resource('AWS::SQS::Queue', 1),
    },
  });
  expect(Object.fromEntries(limits)).toEqual({ One: 1, Text: 5, Stopped: 0 });
});
