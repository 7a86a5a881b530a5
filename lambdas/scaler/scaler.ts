import { parseCollected } from '../core/protocol/collected';
import type { Reply } from '../core/protocol/reply';
import type { ScalerEnv } from './env';
import { handleCommand } from './handle-command';
import { parseCommand } from '../observation/parse-command';
import { tickOfMinute, type SkippedTick } from './minute';
import type { Ports } from './ports';
import { tick } from './tick';

/** One invocation, whatever triggered it. */
export async function runScaler(
  ports: Ports,
  env: ScalerEnv,
  event: unknown,
): Promise<Reply | SkippedTick> {
  switch (triggerOf(event)) {
    case 'command': {
      const command = parseCommand(event);
      return 'ok' in command ? command : handleCommand(ports, env, command);
    }
    case 'collector': {
      const collected = parseCollected(event);
      // Nothing new to decide on; the schedule goes on with what there is.
      if (typeof collected !== 'object') return { ok: true, skipped: 'nothingPublished' };
      return tickOfMinute(ports, env, collected);
    }
    case 'schedule':
      return tickOfMinute(ports, env, 'schedule');
    case 'event':
      return (await tick(ports, env, 'event')).reply;
  }
}

/**
 * `collector`: Lambda's record of the collector's success. `schedule`: `{"trigger":"schedule"}` or
 * EventBridge's own Scheduled Event. `event`: `{}`, nothing, or any other EventBridge event. Else a
 * command.
 */
export function triggerOf(event: unknown): 'collector' | 'schedule' | 'event' | 'command' {
  if (event === undefined || event === null) return 'event';
  if (typeof event !== 'object' || Array.isArray(event)) return 'command';
  const fields = new Map<string, unknown>(Object.entries(event));
  if (fields.size === 0) return 'event';
  if (fields.has('action')) return 'command';
  if (parseCollected(event) !== undefined) return 'collector';
  const isSchedule =
    fields.get('trigger') === 'schedule' || fields.get('detail-type') === 'Scheduled Event';
  if (isSchedule) return 'schedule';
  return fields.has('detail-type') && fields.has('source') ? 'event' : 'command';
}
