import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { failuresToOpen } from '../lambdas/core/plan/breaker';
import type { FleetConfig } from './config/schema';

export interface AlarmsProps {
  readonly config: FleetConfig;
  readonly collector: IFunction;
  readonly scaler: IFunction;
  readonly registrar: IFunction;
  readonly failures: IQueue;
  readonly dataAge: IMetric;
  readonly launchFailures: IMetric;
  readonly bootFailures: IMetric;
}

interface AlarmRule {
  readonly text: string;
  readonly metric: IMetric;
  readonly above: number;
  /** Alarm when `of` of the last `periods` periods are above. */
  readonly of: number;
  readonly periods: number;
  readonly missing?: TreatMissingData;
}

/** The names of the alarms. The runbook has a section for each, with the name as its title. */
export const alarmNames = [
  'StaleData',
  'ScalerErrors',
  'CollectorErrors',
  'RegistrarErrors',
  'LaunchFailures',
  'BootFailures',
  'UnhandledEvents',
] as const;
type AlarmName = (typeof alarmNames)[number];

/** The alarms of a fleet, called `JitsiBridges-<fleet>-<name>`. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { config } = props;
    const rules = alarmRules(props);
    const action =
      config.alarmTopicArn === undefined
        ? undefined
        : new SnsAction(Topic.fromTopicArn(this, 'Topic', config.alarmTopicArn));
    for (const name of alarmNames) {
      const rule = rules[name];
      const alarm = new Alarm(this, name, {
        alarmName: `JitsiBridges-${config.fleet}-${name}`,
        alarmDescription: `${rule.text} Runbook: docs/operations.md, section ${name}.`,
        metric: rule.metric,
        threshold: rule.above,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        datapointsToAlarm: rule.of,
        evaluationPeriods: rule.periods,
        treatMissingData: rule.missing ?? TreatMissingData.NOT_BREACHING,
      });
      if (action !== undefined) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }
}

function alarmRules(props: AlarmsProps): Readonly<Record<AlarmName, AlarmRule>> {
  const minute = { period: Duration.minutes(1), statistic: 'Sum' };
  const fiveMinutes = { period: Duration.minutes(5), statistic: 'Sum' };
  return {
    StaleData: {
      text: 'The scaler has no fresh load data, or does not run. It holds the fleet at its current size.',
      metric: props.dataAge,
      above: props.config.policy.staleSeconds,
      of: 3,
      periods: 3,
      missing: TreatMissingData.BREACHING,
    },
    // One failed tick repairs itself.
    ScalerErrors: {
      text: 'The scaler failed in 3 of 5 minutes. Nothing is launched or terminated.',
      metric: props.scaler.metricErrors(minute),
      above: 0,
      of: 3,
      periods: 5,
    },
    CollectorErrors: {
      text: 'The collector failed in 3 of 5 minutes. There is no load data.',
      metric: props.collector.metricErrors(minute),
      above: 0,
      of: 3,
      periods: 5,
    },
    RegistrarErrors: {
      text: 'The registrar failed twice in 10 minutes. New bridges cannot register.',
      metric: props.registrar.metricErrors(fiveMinutes),
      above: 0,
      of: 2,
      periods: 2,
    },
    LaunchFailures: {
      text: "EC2 launched fewer bridges than requested in 3 of 5 minutes: no capacity, an account limit or a missing permission. jitsi-bridges status shows EC2's message.",
      metric: props.launchFailures,
      above: 0,
      of: 3,
      periods: 5,
    },
    BootFailures: {
      text: `${failuresToOpen} or more bridges in a row did not start. Launches have stopped.`,
      metric: props.bootFailures,
      above: failuresToOpen - 1,
      of: 1,
      periods: 1,
    },
    UnhandledEvents: {
      text: 'Events of the functions failed or expired. They are in the failure queue.',
      // Sent, not visible: the alarm clears on its own, and the messages stay readable.
      metric: props.failures.metricNumberOfMessagesSent(fiveMinutes),
      above: 0,
      of: 3,
      periods: 3,
    },
  };
}
