import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import type { LaunchSettings } from '../lambdas/core/protocol/launch-settings';
import type { BakeTemplate } from './bake-template';
import type { BridgeTemplate } from './bridge-template';
import type { FleetConfig } from './config/schema';
import { originText } from './origin';

export interface DecisionProps {
  readonly config: FleetConfig;
  readonly template: BridgeTemplate;
  readonly bake: BakeTemplate;
}

/**
 * Environment of the functions that decide: the scaler, and the reader that shows what it would
 * do.
 */
export function decisionEnvironment(
  scope: Construct,
  props: DecisionProps,
): Readonly<Record<string, string>> {
  const { config } = props;
  return {
    [environment.fleet]: config.fleet,
    [environment.generation]: config.generation,
    [environment.origin]: originText(scope, props),
    [environment.policy]: JSON.stringify(config.policy),
    [environment.launch]: Stack.of(scope).toJsonString(launchSettings(props)),
  };
}

function launchSettings({ config, template, bake }: DecisionProps): LaunchSettings {
  return {
    launchTemplateId: template.template.launchTemplateId ?? '',
    launchTemplateVersion: template.template.latestVersionNumber,
    instanceTypes: config.bridge.instanceTypes,
    subnetIds: config.bridgeSubnetIds,
    onDemandBase: config.bridge.spot.onDemandBase,
    spotPercent: config.bridge.spot.spotPercent,
    spotFallback: config.bridge.spot.fallback,
    ...(Object.keys(config.tags).length === 0 ? {} : { tags: config.tags }),
    imageRecipe: bake.recipe,
  };
}
