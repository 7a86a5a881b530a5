import type { z } from 'zod';
import { commandSchema, type Command } from '../core/protocol/command';
import { printable } from '../core/protocol/printable';
import { type CommandFailure } from '../core/protocol/reply';
import { nearestNames } from '../core/protocol/nearest-names';

const actions = commandSchema.options.map((option) => [...option.shape.action.values][0] ?? '');

/** Reads an operator's command; a refusal names the field and what to write instead. */
export function parseCommand(event: unknown): Command | CommandFailure {
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return invalid('action', 'a command is a JSON object like {"action":"status"}');
  const action = 'action' in event ? event.action : undefined;
  const option = commandSchema.options.find((candidate) =>
    [...candidate.shape.action.values].some((name) => name === action),
  );
  if (typeof action !== 'string' || option === undefined)
    return invalid('action', unknownAction(action));
  const parsed = commandSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return issue === undefined
    ? invalid('action', 'is not a command')
    : refusal(issue, action, Object.keys(option.shape));
}

/** An `InvalidCommand` reply; what it repeats of the command is shown as one line. */
export function invalid(field: string, message: string): CommandFailure {
  return {
    ok: false,
    error: {
      code: 'InvalidCommand',
      field: printable(field, 80),
      message: printable(message, 600),
    },
  };
}

function unknownAction(action: unknown): string {
  const near = typeof action === 'string' ? nearestNames(action, actions) : [];
  const hint = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
  const said = action === undefined ? 'action is missing' : `unknown action ${text(action)}`;
  return `${said}: ${hint}use one of ${actions.join(', ')}`;
}

function refusal(
  issue: z.core.$ZodIssue,
  action: string,
  fields: readonly string[],
): CommandFailure {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? 'action';
    const field = [...issue.path.map(String), key].join('.');
    const near = nearestNames(key, fields);
    const hint = near.length === 0 ? '' : `did you mean ${near.join(' or ')}? `;
    return invalid(
      field,
      `${action} has no field ${field}: ${hint}its fields are ${fields.join(', ')}`,
    );
  }
  const field = issue.path.map(String).join('.') || 'action';
  return invalid(field, `${field}: ${issue.message}`);
}

function text(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
