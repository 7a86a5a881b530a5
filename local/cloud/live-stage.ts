import { setTimeout as sleep } from 'node:timers/promises';

import { invokeFunction } from '../../cli/invoke-function';
import type { Stage } from '../story/story';
import { leftBehind } from './left-behind';
import { lookAt } from './look';
import type { Cloud } from './start-cloud';

/**
 * The running cloud as a story's stage.
 *
 * @param nudge what moves the control plane on between looks; nothing when its schedules do
 */
export function liveStage(
  cloud: Cloud,
  minBridges: number,
  nudge: () => Promise<void> = () => Promise.resolve(),
): Stage {
  let wanted = 0;
  return {
    minBridges,
    nudge,
    look: () =>
      lookAt({
        ec2: cloud.clients.ec2,
        decisions: cloud.decisions,
        focusStats: () => cloud.focus.stats(),
        prosodySessionsDropped: () => cloud.sentinels.metrics().prosodySessionsDropped,
        wantedParticipants: () => wanted,
      }),
    setLoad(participants) {
      wanted = participants;
      cloud.load.setTarget(participants);
    },
    invoke: (event) =>
      invokeFunction(cloud.clients.lambda, cloud.outputs.get('ScalerFunctionName'), event),
    leftBehind: (kept) =>
      leftBehind({ ...cloud.clients, machines: cloud.machines, server: cloud.server }, kept),
    pause: (milliseconds) => sleep(milliseconds),
    nowSeconds: () => Date.now() / 1000,
  };
}
