import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { BridgeFleet } from './bridge-fleet';
import type { DeploymentConfig } from './config/schema';

/** Stack of one fleet. Its outputs are what the command line and the operator's notes go by. */
export class FleetStack extends Stack {
  constructor(scope: Construct, config: DeploymentConfig, props?: StackProps) {
    const { region, account, ...fleetConfig } = config;
    super(scope, `JitsiBridges-${config.fleet}`, {
      description: `Jitsi bridges for ${config.domain}`,
      env: {
        ...(region === undefined ? {} : { region }),
        ...(account === undefined ? {} : { account }),
      },
      ...props,
    });
    const fleet = new BridgeFleet(this, 'Fleet', fleetConfig);

    this.tell('ScalerFunctionName', 'Takes commands', fleet.scaler.functionName);
    this.tell('ReaderFunctionName', 'Shows the fleet', fleet.reader.functionName);
    this.tell('RegistrarFunctionName', 'Registers bridges', fleet.registrar.functionName);
    this.tell('CollectorFunctionName', 'Reads statistics', fleet.collector.functionName);
    const { prepare, sync, bridge } = fleet.documents;
    this.tell('PrepareDocumentName', 'Prepares the server', prepare.documentName);
    this.tell('SyncDocumentName', "Syncs Prosody's credentials", sync.documentName);
    this.tell('BridgeDocumentName', 'Commands a bridge', bridge.documentName);
    this.tell('LaunchTemplateId', 'What bridges are launched from', fleet.launchTemplateId);
    this.tell('BakeTemplateId', 'What images are made from', fleet.bakeTemplateId);
    // Today's Prosody takes all of it without a restart.
    const restart = config.generation === 'muc' ? 'never' : 'now';
    this.tell(
      'PrepareCommand',
      'Prepares the Jitsi Meet server; restart=now ends running calls once',
      `aws ssm send-command --region ${this.region} --document-name ${prepare.documentName} --instance-ids ${config.server.instanceId} --parameters action=apply,restart=${restart}`,
    );
    this.tell(
      'StatusCommand',
      'Shows the fleet',
      `aws lambda invoke --region ${this.region} --function-name ${fleet.reader.functionName} --cli-binary-format raw-in-base64-out --payload '{"action":"status"}' /dev/stdout`,
    );
  }

  private tell(name: string, description: string, value: string): void {
    new CfnOutput(this, name, { description, value });
  }
}
