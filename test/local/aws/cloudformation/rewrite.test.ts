import { rewriteTemplate } from '../../../../local/aws/cloudformation/rewrite';

const place = { stackName: 'Fleet', accountId: '123456789012', region: 'us-east-1' };
const document = { Type: 'AWS::SSM::Document', Properties: { Content: { a: { Ref: 'Queue' } } } };

it('leaves a template alone that has nothing to keep', () => {
  const template = { Resources: { Queue: { Type: 'AWS::SQS::Queue' } } };
  expect(rewriteTemplate(template, place)).toEqual({ template, kept: [] });
});

it('puts a stand-in in the place of a kept resource, with the resource in its metadata', () => {
  const { template, kept } = rewriteTemplate(
    { Resources: { Doc: { ...document, DependsOn: ['Role'] }, Role: { Type: 'AWS::IAM::Role' } } },
    place,
  );
  expect(kept).toEqual(['Doc']);
  expect(template.Resources?.['Role']).toEqual({ Type: 'AWS::IAM::Role' });
  expect(template.Resources?.['Doc']).toMatchObject({
    Type: 'AWS::CDK::Metadata',
    DependsOn: ['Role'],
    Metadata: { LocalGatewayKept: document },
  });
});

it('changes the stand-in when the resource changes, and only then', () => {
  const standIn = (text: string) =>
    rewriteTemplate(
      { Resources: { Doc: { Type: 'AWS::SSM::Document', Properties: { Content: text } } } },
      place,
    ).template.Resources?.['Doc']?.Properties;
  expect(standIn('a')).toEqual(standIn('a'));
  expect(standIn('a')).not.toEqual(standIn('b'));
});

describe('references to a kept resource', () => {
  const value = (expression: unknown, properties: Record<string, unknown> = {}) => {
    const Doc = { Type: 'AWS::SSM::Document', Properties: properties };
    const Outputs = { Name: { Value: expression } };
    const { template } = rewriteTemplate({ Resources: { Doc }, Outputs }, place);
    return (template['Outputs'] as typeof Outputs).Name.Value;
  };

  it('Ref is a generated name, the same each time', () => {
    expect(value({ Ref: 'Doc' })).toMatch(/^Fleet-Doc-[A-Z0-9]{12}$/);
    expect(value({ Ref: 'Doc' })).toBe(value({ Ref: 'Doc' }));
  });

  it('Ref is the name where the template gives one, also a computed one', () => {
    expect(value({ Ref: 'Doc' }, { Name: 'mine' })).toBe('mine');
    const Name = { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] };
    expect(value({ Ref: 'Doc' }, { Name })).toEqual(Name);
  });

  it('in Fn::Sub becomes a variable, other variables stay', () => {
    expect(value({ 'Fn::Sub': 'x/${Doc}/${AWS::Region}' }, { Name: 'mine' })).toEqual({
      'Fn::Sub': ['x/${Doc}/${AWS::Region}', { Doc: 'mine' }],
    });
  });

  it('is found below lists and functions', () => {
    expect(value({ 'Fn::Join': ['', ['a', { Ref: 'Doc' }]] }, { Name: 'mine' })).toEqual({
      'Fn::Join': ['', ['a', 'mine']],
    });
  });
});

it('keeps alarms with metric math, not plain ones', () => {
  const alarm = (Properties: Record<string, unknown>) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties,
  });
  const Resources = { Math: alarm({ Metrics: [] }), Plain: alarm({ MetricName: 'x' }) };
  const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Math', 'Arn'] } } };
  const { kept, template } = rewriteTemplate({ Resources, Outputs }, place);
  expect(kept).toEqual(['Math']);
  expect(JSON.stringify(template['Outputs'])).toMatch(
    /arn:aws:cloudwatch:us-east-1:123456789012:alarm:.*Fleet-Math-/,
  );
});

it('keeps schedules with a rate, and their ARN has the group', () => {
  const schedule = (ScheduleExpression: unknown) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: { ScheduleExpression, Name: 'ticks', GroupName: 'fleet' },
  });
  const Resources = {
    Rate: schedule('rate(5 minutes)'),
    Cron: schedule('cron(0 8 * * ? *)'),
    Once: schedule('at(2030-01-01T00:00:00)'),
    Computed: schedule({ Ref: 'Parameter' }),
  };
  const Outputs = { Arn: { Value: { 'Fn::GetAtt': ['Rate', 'Arn'] } } };
  const { kept, template } = rewriteTemplate({ Resources, Outputs }, place);
  expect(kept).toEqual(['Rate']);
  expect((template['Outputs'] as typeof Outputs).Arn.Value).toEqual({
    'Fn::Join': ['', ['arn:aws:scheduler:us-east-1:123456789012:schedule/', 'fleet', '/', 'ticks']],
  });
});
