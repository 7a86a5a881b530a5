import type { Command } from '../core/protocol/command';
import type { CommandFailure } from '../core/protocol/reply';
import { scaleLimits } from '../core/demand/bounds';
import { decide } from '../core/decide';
import { overridesInForce } from '../core/model/overrides';
import type { Policy } from '../core/model/policy';
import type { Overrides, Snapshot } from '../core/model/snapshot';
import type { Memory } from '../core/model/memory';
import { invalid } from '../observation/parse-command';

/** Commands about the size of the fleet: they change the overrides, and the tick does the rest. */
export type SizeCommand = Extract<Command, { action: 'scale' | 'bounds' | 'pause' | 'resume' }>;

/** The overrides as a command leaves them, or why it is refused. */
export function overridesAfter(
  command: SizeCommand,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): Overrides | CommandFailure {
  const { now } = snapshot;
  const current = overridesInForce(snapshot.overrides, now);
  switch (command.action) {
    case 'scale':
      return scaled(command, current, snapshot, policy, memory);
    case 'bounds':
      return bounded(command, current, now, policy);
    case 'pause':
      return { ...current, pause: { until: now + command.for } };
    case 'resume':
      return {};
  }
}

function scaled(
  command: Extract<Command, { action: 'scale' }>,
  current: Overrides,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): Overrides | CommandFailure {
  const { requestId } = command;
  const { min, max } = scaleLimits(policy, current, snapshot.now);
  // A repeat after a crash finds its number stored; counted anew, `by` would be added twice.
  const repeated =
    requestId !== undefined && current.scale?.requestId === requestId
      ? current.scale.to
      : undefined;
  const { booting, active } = decide(snapshot, policy, memory).numbers;
  const to = repeated ?? command.to ?? booting + active + (command.by ?? 0);
  if (to < min || to > max) {
    const field = command.to === undefined ? 'by' : 'to';
    const asked = field === 'to' ? `${to}` : `${command.by ?? 0} makes ${to}`;
    return invalid(
      field,
      `${field}: ${asked}, must be between min ${min} and max ${max}; run jitsi-bridges bounds ${to > max ? `--max ${to}` : `--min ${Math.max(0, to)}`} first`,
    );
  }
  const until = snapshot.now + command.for;
  return { ...current, scale: { to, until, ...(requestId === undefined ? {} : { requestId }) } };
}

/**
 * A slip of a finger, one zero too many, must not cost more than this many times what the config
 * allows.
 */
const mostTimesMax = 10;

function bounded(
  command: Extract<Command, { action: 'bounds' }>,
  current: Overrides,
  now: number,
  policy: Policy,
): Overrides | CommandFailure {
  const min = command.min ?? current.bounds?.min;
  const max = command.max ?? current.bounds?.max;
  if (command.min === undefined && command.max === undefined)
    return invalid('min', 'min: give min, max or both');
  const usual = scaleLimits(policy, {}, now);
  const most = mostTimesMax * usual.max;
  if (max !== undefined && max > most)
    return invalid(
      'max',
      `max ${max} is more than ${mostTimesMax} times the usual max ${usual.max}; raise policy.max in the config and deploy`,
    );
  if ((min ?? usual.min) > (max ?? usual.max))
    return invalid(
      command.min === undefined ? 'max' : 'min',
      `min ${min ?? usual.min} must not be greater than max ${max ?? usual.max}`,
    );
  return {
    ...current,
    bounds: {
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      until: now + command.for,
    },
  };
}

export function isFailure(value: Overrides | CommandFailure): value is CommandFailure {
  return 'ok' in value;
}
