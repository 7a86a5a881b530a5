import { decide } from '../core/decide';
import type { Memory } from '../core/model/memory';
import type { CommandReply } from '../core/protocol/reply';
import { withWords } from '../core/words/describe-action';
import { withText } from '../core/words/describe-reason';
import { observe, type Observation } from '../observation/observe';
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
  const { snapshot, memory, problems } = observation ?? (await observe(ports, env));
  const decided = decide(snapshot, env.policy, memory);
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
