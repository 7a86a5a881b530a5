import { parseCommand } from '../observation/parse-command';
import type { Reply } from '../core/protocol/reply';
import type { FleetEnv } from '../observation/env';
import { observe } from '../observation/observe';
import type { ReadPorts } from '../observation/ports';
import { showPlan, showStatus } from '../observation/show';

/** Answers a command that only reads; any other is rejected and belongs to the scaler. */
export async function read(ports: ReadPorts, env: FleetEnv, event: unknown): Promise<Reply> {
  const command = parseCommand(event);
  if ('ok' in command) return command;
  switch (command.action) {
    case 'status':
      return showStatus(env, await observe(ports, env, 'everything'));
    case 'plan':
      return showPlan(env, await observe(ports, env, 'everything'));
    case 'scale':
    case 'bounds':
    case 'pause':
    case 'resume':
    case 'drain':
    case 'undrain':
    case 'protect':
    case 'retire':
    case 'rotate':
      return {
        ok: false,
        error: {
          code: 'ReadOnly',
          field: 'action',
          message: `${command.action} changes the fleet: send it to the scaler function, or run jitsi-bridges ${command.action}`,
        },
      };
  }
}
