import { setTimeout as sleep } from 'node:timers/promises';

import { invokeFunction } from '../../cli/invoke-function';
import type { StoryCloud } from '../story/story';
import { leftBehind } from './left-behind';
import { readCloud } from './read-cloud';
import type { Cloud } from './start-cloud';

/**
 * The running cloud as a story needs it.
 *
 * @param nudge what moves the control plane on between looks; nothing when its schedules do
 */
export function storyCloud(
  cloud: Cloud,
  minBridges: number,
  nudge: () => Promise<void> = () => Promise.resolve(),
): StoryCloud {
  let wanted = 0;
  return {
    minBridges,
    nudge,
    look: () =>
      readCloud({
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
