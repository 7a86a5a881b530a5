/** The fleet that bridges.yaml describes. */
import { App } from 'aws-cdk-lib';
import { FleetStack } from 'jitsi-bridge-autoscaler';

FleetStack.fromFile(new App(), 'bridges.yaml');
