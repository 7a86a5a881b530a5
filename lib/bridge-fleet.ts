import { Annotations, Duration, Stack, Tags } from 'aws-cdk-lib';
import { Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

import { dimensions, fleetMetrics, metricNamespace } from '../lambdas/core/protocol/metrics';
import { acceptFinding } from './accept-finding';
import { Alarms } from './alarms';
import { BakeTemplate } from './bake-template';
import { BridgeRole } from './bridge-role';
import { BridgeTemplate } from './bridge-template';
import { CollectorFunction } from './collector-function';
import { parseConfig } from './config/parse-config';
import { fleetSchema, type FleetConfig } from './config/schema';
import { type CommandDocuments, FleetDocuments } from './documents';
import { FilterFunction } from './filter-function';
import { FleetOutputs } from './fleet-outputs';
import type { BridgeFleetProps } from './fleet-props';
import { FleetNetwork } from './network';
import { ReaderFunction } from './reader-function';
import { RegistrarFunction } from './registrar-function';
import { ScalerFunction } from './scaler-function';
import { ServerAccess } from './server-access';
import { Teardown } from './teardown';
import { Triggers } from './triggers';

/** A metric of a whole fleet, as CloudWatch has it in the namespace `JitsiBridges`. */
export type FleetMetricName = (typeof fleetMetrics)[keyof typeof fleetMetrics];

/**
 * Told at each synthesis: the account cannot be asked then, and CloudFormation asks it too late.
 */
const reservations =
  'reservedConcurrency: the deployment fails in an account with fewer than 52 unreserved concurrent executions of Lambda, as a new account may be. Check: aws lambda get-account-settings --query AccountLimit.UnreservedConcurrentExecutions. If there are fewer, raise the quota or set reservedConcurrency: false.';

/**
 * A fleet of Jitsi Videobridges for one Jitsi Meet server, with its control plane.
 * Bridges are not resources of the stack: the scaler launches and terminates them.
 *
 * @throws ConfigError if the props are invalid; it names every key and what is wrong
 */
export class BridgeFleet extends Construct {
  /** Takes the operator's commands that change something. */
  readonly scaler: IFunction;
  /** Answers the commands that only read: `status`, `plan`. */
  readonly reader: IFunction;
  /** Registers bridges: makes their secrets, and Prosody's credentials equal to them. */
  readonly registrar: IFunction;
  /** Reads the bridges' statistics from Prosody. */
  readonly collector: IFunction;
  /** What the fleet runs on the Jitsi Meet server and on bridges. */
  readonly documents: CommandDocuments;
  /** What bridges are launched from. */
  readonly launchTemplateId: string;
  /** What `jitsi-bridges bake` launches the machine from that it makes an image of. */
  readonly bakeTemplateId: string;
  private readonly fleet: string;

  constructor(scope: Construct, id: string, props: BridgeFleetProps) {
    super(scope, id);
    const config = parseConfig(fleetSchema, props, `BridgeFleet ${this.node.path}`);
    this.fleet = config.fleet;
    for (const [key, value] of Object.entries(config.tags)) Tags.of(this).add(key, value);

    if (config.reservedConcurrency)
      Annotations.of(this).addInfoV2('jitsi-bridge-autoscaler:reservations', reservations);

    const network = new FleetNetwork(this, 'Network', config);
    const server = new ServerAccess(this, 'Server', { config, network });
    const bridgeRole = new BridgeRole(this, 'BridgeRole', config);
    const { role } = bridgeRole;
    const template = new BridgeTemplate(this, 'Bridge', {
      config,
      role,
      securityGroup: network.bridgeSecurityGroup,
    });
    const bake = new BakeTemplate(this, 'Bake', {
      config,
      vpc: network.vpc,
      imageId: template.imageId,
    });
    this.bakeTemplateId = bake.template.launchTemplateId ?? '';
    this.launchTemplateId = template.template.launchTemplateId ?? '';
    const documents = new FleetDocuments(this, 'Documents', config);
    this.documents = documents;

    const failures = this.failureQueue();
    const onFailure = new SqsDestination(failures);
    const registrar = new RegistrarFunction(this, 'Registrar', {
      config,
      onFailure,
      template,
      syncDocument: documents.sync,
    });
    this.registrar = registrar.function;
    const scaler = new ScalerFunction(this, 'Scaler', {
      config,
      onFailure,
      template,
      bake,
      bridgeRole: role,
      bridgeSecurityGroup: network.bridgeSecurityGroup,
      bridgeDocument: documents.bridge,
      registrar: this.registrar,
    });
    this.scaler = scaler.function;
    const collector = new CollectorFunction(this, 'Collector', {
      config,
      onFailure,
      scaler: this.scaler,
      network: {
        vpc: network.vpc,
        subnets: network.functionSubnets,
        securityGroup: network.collectorSecurityGroup,
      },
    });
    this.collector = collector.function;
    const reader = new ReaderFunction(this, 'Reader', { config, onFailure, template, bake });
    this.reader = reader.function;
    const filter = new FilterFunction(this, 'Filter', { config, onFailure, scaler: this.scaler });

    const functions = {
      collector: this.collector,
      scaler: this.scaler,
      registrar: this.registrar,
    };
    const triggers = new Triggers(this, 'Triggers', { ...functions, filter: filter.function });
    const alarms = new Alarms(this, 'Alarms', {
      ...functions,
      config,
      failures,
      dataAge: this.metricDataAge(),
      launchFailures: this.metric(fleetMetrics.launchFailures, { statistic: 'Sum' }),
      bootFailures: this.metric(fleetMetrics.bootFailures),
    });

    const teardown = new Teardown(this, 'Teardown', {
      config,
      onFailure,
      template,
      bridgeDocument: documents.bridge,
      scaler: this.scaler,
      registrar: this.registrar,
    });
    const needed = [network, server, bridgeRole, template, documents, scaler, registrar];
    teardown.sweepBefore(...needed);
    teardown.sweepAfter(triggers, collector.destinations);
    const rest = [bake, reader, filter, collector, failures, triggers, alarms];
    teardown.emptyBefore(...needed, ...rest);
    this.tell(config);
  }

  /**
   * Lets someone command the fleet: scale, drain and so on, by invoking the scaler; reading is
   * included.
   */
  grantCommand(grantee: IGrantable): Grant {
    return this.scaler.grantInvoke(grantee).combine(this.grantRead(grantee));
  }

  /** Lets someone see the fleet, and change nothing: status and plan, by invoking the reader. */
  grantRead(grantee: IGrantable): Grant {
    return this.reader.grantInvoke(grantee);
  }

  /**
   * A metric of the whole fleet, by its name in CloudWatch. Maximum over a minute unless told
   * otherwise.
   */
  metric(metricName: FleetMetricName, options?: MetricOptions): Metric {
    return new Metric({
      namespace: metricNamespace,
      metricName,
      dimensionsMap: { [dimensions.fleet]: this.fleet },
      period: Duration.minutes(1),
      statistic: 'Maximum',
      ...options,
    });
  }

  /** Σ stress × weight: how many reference bridges would be full. */
  metricLoad(options?: MetricOptions): Metric {
    return this.metric(fleetMetrics.load, options);
  }

  /** Bridges that take conferences. */
  metricActiveBridges(options?: MetricOptions): Metric {
    return this.metric(fleetMetrics.bridgesActive, options);
  }

  /** Participants on all bridges. */
  metricParticipants(options?: MetricOptions): Metric {
    return this.metric(fleetMetrics.participants, options);
  }

  /** Age of the newest load data that the scaler has, in seconds. */
  metricDataAge(options?: MetricOptions): Metric {
    return this.metric(fleetMetrics.dataAgeSeconds, options);
  }

  private tell({ generation, server }: FleetConfig): void {
    const { region } = Stack.of(this);
    const { prepare, sync, bridge } = this.documents;
    // Today's Prosody takes all of it without a restart.
    const restart = generation === 'muc' ? 'never' : 'now';
    new FleetOutputs(this, 'Outputs', {
      FleetName: [this.fleet, 'Name of the fleet'],
      ScalerFunctionName: [this.scaler.functionName, 'Takes commands'],
      ReaderFunctionName: [this.reader.functionName, 'Shows the fleet'],
      RegistrarFunctionName: [this.registrar.functionName, 'Registers bridges'],
      CollectorFunctionName: [this.collector.functionName, 'Reads statistics'],
      PrepareDocumentName: [prepare.documentName, 'Prepares the server'],
      SyncDocumentName: [sync.documentName, "Syncs Prosody's credentials"],
      BridgeDocumentName: [bridge.documentName, 'Commands a bridge'],
      LaunchTemplateId: [this.launchTemplateId, 'What bridges are launched from'],
      BakeTemplateId: [this.bakeTemplateId, 'What images are made from'],
      PrepareCommand: [
        `aws ssm send-command --region ${region} --document-name ${prepare.documentName} --instance-ids ${server.instanceId} --parameters action=apply,restart=${restart}`,
        'Prepares the Jitsi Meet server; restart=now ends running calls once',
      ],
      StatusCommand: [
        `aws lambda invoke --region ${region} --function-name ${this.reader.functionName} --cli-binary-format raw-in-base64-out --payload '{"action":"status"}' /dev/stdout`,
        'Shows the fleet',
      ],
    });
  }

  /** Where events go that a function failed on, or that grew too old. */
  private failureQueue(): Queue {
    const queue = new Queue(this, 'Failures', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(4),
    });
    acceptFinding(queue, 'AwsSolutions-SQS3', 'This queue is itself where failed events end.');
    return queue;
  }
}
