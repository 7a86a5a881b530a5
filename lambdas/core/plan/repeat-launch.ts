import { requestedCount } from '../model/action';
import type { FleetState } from '../model/fleet-state';
import { invisibleSeconds } from './boot-watch';
import { visibleOf } from './launch';
import type { Plan } from './plan';

/**
 * A launch whose answer was never recorded is sent again, word for word: EC2 launches nothing more
 * for it, and answers the same as the first time, or with nothing; then it waits until EC2 lists
 * what it made. When there is no room for it any more it waits until EC2 would list what it may
 * have made, then it is given up: what is not listed by then was not made.
 */
export function planRepeat({ snapshot, memory }: FleetState, room: number): Plan {
  const { pendingLaunch } = memory;
  if (pendingLaunch === undefined) return { actions: [], memory, reasons: [] };
  const { token } = pendingLaunch;
  const visible = visibleOf(pendingLaunch, snapshot);
  const unseen = requestedCount(pendingLaunch) - visible;
  if (unseen <= 0)
    return { actions: [], memory: { ...memory, pendingLaunch: undefined }, reasons: [] };
  if (visible === 0 && unseen > room) {
    const ageSeconds = snapshot.now - pendingLaunch.orderedAt;
    return ageSeconds >= 0 && ageSeconds < invisibleSeconds
      ? { actions: [], memory, reasons: [{ code: 'LaunchWaits', token }] }
      : {
          actions: [],
          memory: { ...memory, pendingLaunch: undefined },
          reasons: [{ code: 'LaunchGivenUp', token }],
        };
  }
  const reason = { code: 'LaunchRepeated', token } as const;
  return {
    actions: [{ kind: 'launch', request: pendingLaunch, attempt: 'repeat', reason }],
    memory,
    reasons: [reason],
  };
}
