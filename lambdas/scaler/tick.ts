import { decide, type Decision } from '../core/decide';
import type { Memory } from '../core/model/memory';
import type { ReadingReason } from '../core/protocol/reason';
import type { CommandReply } from '../core/protocol/reply';
import { withWords } from '../core/words/describe-action';
import { withText } from '../core/words/describe-reason';
import { observe, observeFurther, type Observation } from '../observation/observe';
import type { ScalerEnv } from './env';
import { execute } from './execute';
import { explainFailedBoots } from './failed-boots';
import type { Ports } from './ports';
import { record } from './record';

export interface TickReply {
  readonly reply: CommandReply;
  /** As stored. */
  readonly memory: Memory;
}

/**
 * One run: decide on what was observed, carry it out, record it.
 * @param noted what else the memory shall hold when all is done
 */
export async function tick(
  ports: Ports,
  env: ScalerEnv,
  trigger: string,
  observation?: Observation,
  noted: Pick<Partial<Memory>, 'decided'> = {},
): Promise<TickReply> {
  const startedAt = ports.clock.now();
  const { observed, decided } = await decideOn(
    ports,
    env,
    observation ?? (await observe(ports, env)),
  );
  const { snapshot, memory, problems } = observed;
  tellForeign(ports, problems);
  const failures = await explainFailedBoots(ports, snapshot, memory, decided.memory);
  const decision = { ...decided, reasons: [...problems, ...decided.reasons, ...failures] };
  const executed = await execute(ports, env, snapshot, decision);
  const execution = { ...executed, memory: { ...executed.memory, ...noted } };
  const stored = await record(ports, env, { trigger, startedAt, snapshot, decision, execution });
  const { booting, active, draining } = decision.numbers;
  return {
    reply: {
      ok: true,
      before: { wanted: memory.wanted ?? booting + active, booting, active, draining },
      after: execution.after,
      actions: execution.actions.map(withWords),
      reasons: decision.reasons.map(withText),
    },
    memory: stored,
  };
}

/**
 * Decides on what was read; when bridges may be drained, their people and conferences are read and
 * it decides again. Which figures that takes only the decision knows, and in most minutes it takes
 * none.
 */
async function decideOn(
  ports: Ports,
  env: ScalerEnv,
  observation: Observation,
): Promise<{ readonly observed: Observation; readonly decided: Decision }> {
  const decided = decide(observation.snapshot, env.policy, observation.memory);
  if (decided.unread.length === 0) return { observed: observation, decided };
  const observed = await observeFurther(ports, env, observation, decided.unread);
  return { observed, decided: decide(observed.snapshot, env.policy, observed.memory) };
}

/** Somebody set the fleet's tag on an instance that is not the fleet's: that is for people. */
function tellForeign(ports: Ports, problems: readonly ReadingReason[]): void {
  for (const reason of problems)
    if (reason.code === 'ForeignInstance')
      ports.log.error('foreign instance', { ...withText(reason) });
}
