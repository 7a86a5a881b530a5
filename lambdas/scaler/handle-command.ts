import type { Command } from '../core/protocol/command';
import type { CommandReply, Reply } from '../core/protocol/reply';
import { withWords } from '../core/words/describe-action';
import { withText } from '../core/words/describe-reason';
import { earlierAnswer, rememberAnswer } from './idempotency';
import { orderBridge, type BridgeCommand } from './bridge-orders';
import type { ScalerEnv } from './env';
import { observe, type Observation } from '../observation/observe';
import { isFailure, overridesAfter, type SizeCommand } from './orders';
import type { Ports } from './ports';
import { record, storeMemory } from './record';
import { showPlan, showStatus } from '../observation/show';
import { tick, type TickReply } from './tick';

/** Carries out an operator's command. A refused one, `status` and `plan` write nothing at all. */
export async function handleCommand(
  ports: Ports,
  env: ScalerEnv,
  command: Command,
): Promise<Reply> {
  const observation = await observe(ports, env, 'everything');
  switch (command.action) {
    case 'status':
      return showStatus(env, observation);
    case 'plan':
      return showPlan(env, observation);
    case 'scale':
    case 'bounds':
    case 'pause':
    case 'resume':
      return once(ports, env, command, observation, () =>
        setSize(ports, env, command, observation),
      );
    case 'drain':
    case 'undrain':
    case 'protect':
    case 'retire':
    case 'rotate':
      return once(ports, env, command, observation, () =>
        setBridge(ports, env, command, observation),
      );
  }
}

/**
 * A `requestId` that is known gets its first answer again; a new one is remembered with its
 * answer.
 */
async function once(
  ports: Ports,
  env: ScalerEnv,
  command: Command,
  observation: Observation,
  run: () => Promise<TickReply | Reply>,
): Promise<Reply> {
  const earlier = earlierAnswer(command, observation.memory);
  if (earlier === 'forgotten') {
    const { before, after } = showStatus(env, observation);
    return {
      ok: true,
      before,
      after,
      actions: [],
      reasons: [withText({ code: 'AnswerForgotten' })],
    };
  }
  if (earlier !== undefined) return earlier;
  const outcome = await run();
  if ('ok' in outcome) return outcome;
  if (command.requestId !== undefined)
    await storeMemory(ports, rememberAnswer(command, outcome.reply, outcome.memory));
  return outcome.reply;
}

/**
 * Stores the override, then runs one tick with it: the override is what a crash leaves to the
 * next.
 */
async function setSize(
  ports: Ports,
  env: ScalerEnv,
  command: SizeCommand,
  observation: Observation,
): Promise<TickReply | Reply> {
  const { snapshot, memory } = observation;
  const overrides = overridesAfter(command, snapshot, env.policy, memory);
  if (isFailure(overrides)) return overrides;
  await ports.state.writeOverrides(JSON.stringify(overrides));
  const ordered = { ...observation, snapshot: { ...snapshot, overrides } };
  return tick(ports, env, `command ${command.action}`, ordered);
}

async function setBridge(
  ports: Ports,
  env: ScalerEnv,
  command: BridgeCommand,
  observation: Observation,
): Promise<TickReply | Reply> {
  const startedAt = ports.clock.now();
  const order = await orderBridge(ports, env, command, observation);
  if ('ok' in order) return order;
  const { decision, execution } = order;
  const memory = await record(ports, env, {
    trigger: `command ${command.action}`,
    startedAt,
    snapshot: observation.snapshot,
    decision,
    execution,
  });
  const { wanted, booting, active, draining } = decision.numbers;
  const reply: CommandReply = {
    ok: true,
    before: { wanted, booting, active, draining },
    after: execution.after,
    actions: execution.actions.map(withWords),
    reasons: decision.reasons.map(withText),
  };
  return { reply, memory };
}
