import { alarmNames } from '../../lib/alarms';
import { synthesizeFleet } from './synthesize';

const topic = 'arn:aws:sns:eu-central-1:123456789012:oncall';
const template = synthesizeFleet({
  alarmTopicArn: topic,
  policy: { min: 1, max: 2, staleSeconds: 200 },
});

test.each(alarmNames)('%s is an alarm that names its section of the runbook', (name) => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: `JitsiBridges-main-${name}`,
    AlarmActions: [topic],
    OKActions: [topic],
  });
  const [alarm] = Object.values(
    template.findResources('AWS::CloudWatch::Alarm', {
      Properties: { AlarmName: `JitsiBridges-main-${name}` },
    }),
  ) as { Properties: { AlarmDescription: string } }[];
  expect(alarm?.Properties.AlarmDescription).toMatch(
    new RegExp(`Runbook: docs/operations\\.md, section ${name}\\.$`),
  );
});

it('takes silence of the scaler for stale data', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'JitsiBridges-main-StaleData',
    Namespace: 'JitsiBridges',
    MetricName: 'DataAgeSeconds',
    Dimensions: [{ Name: 'Fleet', Value: 'main' }],
    Threshold: 200,
    Statistic: 'Maximum',
    TreatMissingData: 'breaching',
  });
});

it('sends nothing anywhere without a topic', () => {
  const alarms = synthesizeFleet().findResources('AWS::CloudWatch::Alarm');
  expect(Object.keys(alarms)).toHaveLength(alarmNames.length);
  expect(JSON.stringify(alarms)).not.toContain('AlarmActions');
});
