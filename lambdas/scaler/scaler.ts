import type { Reply } from '../core/protocol/reply';
import { awaitData } from './await-data';
import type { ScalerEnv } from './env';
import { handleCommand } from './handle-command';
import { parseCommand } from '../observation/parse-command';
import type { Ports } from './ports';
import { tick } from './tick';

/** One invocation, whatever triggered it. */
export async function runScaler(ports: Ports, env: ScalerEnv, event: unknown): Promise<Reply> {
  const trigger = triggerOf(event);
  if (trigger === 'command') {
    const command = parseCommand(event);
    return 'ok' in command ? command : handleCommand(ports, env, command);
  }
  if (trigger === 'schedule') await awaitData(ports);
  return (await tick(ports, env, trigger)).reply;
}

/**
 * `schedule`: `{"trigger":"schedule"}` or EventBridge's own Scheduled Event, the only one that
 * waits for this minute's data. `event`: `{}`, nothing, or any other EventBridge event. Else a
 * command.
 */
export function triggerOf(event: unknown): 'schedule' | 'event' | 'command' {
  if (event === undefined || event === null) return 'event';
  if (typeof event !== 'object' || Array.isArray(event)) return 'command';
  const fields = new Map<string, unknown>(Object.entries(event));
  if (fields.size === 0) return 'event';
  if (fields.has('action')) return 'command';
  const isSchedule =
    fields.get('trigger') === 'schedule' || fields.get('detail-type') === 'Scheduled Event';
  if (isSchedule) return 'schedule';
  return fields.has('detail-type') && fields.has('source') ? 'event' : 'command';
}
