import { parseMemory, serializeMemory, type Memory } from '../core/model/memory';
import type { Collected } from '../core/protocol/collected';
import { isoTime, type EpochSeconds } from '../core/protocol/time';
import { observeMinute } from './await-data';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';
import { tick, type TickReply } from './tick';

/**
 * One tick per minute of data. The collector's success starts it; the schedule starts as often, at
 * a phase of its own, and is the fallback for a collector that published nothing or whose word got
 * lost. Whoever finds the minute decided does nothing but say so.
 */

/** The minute was decided by an earlier tick: nothing was read but the memory. */
export interface SkippedTick {
  readonly ok: true;
  readonly skipped: 'alreadyDecided' | 'nothingPublished';
  /** ISO 8601 UTC; the newest minute of data that was decided on. */
  readonly minute?: string;
}

/** What starts a tick of a minute: the collector, with what it published, or the schedule. */
export type MinuteStarter = Collected | 'schedule';

export async function tickOfMinute(
  ports: Ports,
  env: ScalerEnv,
  starter: MinuteStarter,
): Promise<TickReply['reply'] | SkippedTick> {
  const before = await readDecided(ports);
  if (isDecided(before.decided, starter, ports.clock.now())) return skip(ports, before, starter);
  const collected = starter === 'schedule' ? undefined : starter;
  const wanted = collected?.minute ?? minuteOf(ports.clock.now());
  const observation = await observeMinute(ports, env, wanted, collected);
  // Without reserved concurrency the other one may have run meanwhile.
  const after = observation.memory;
  if (isDecided(after.decided, starter, ports.clock.now())) return skip(ports, after, starter);
  const minute = observation.snapshot.heartbeats.at(-1);
  const by = collected === undefined ? 'schedule' : 'collector';
  const decided = minute === undefined ? {} : { decided: { minute, by } as const };
  return (await tick(ports, env, by, observation, decided)).reply;
}

/**
 * The collector's minute is decided when a tick had data as new. The schedule's is when the
 * collector told of this minute or the last: it has not failed, and starts the next tick itself.
 */
function isDecided(decided: Memory['decided'], starter: MinuteStarter, now: EpochSeconds): boolean {
  if (decided === undefined) return false;
  return starter === 'schedule'
    ? decided.by === 'collector' && decided.minute >= minuteOf(now) - 60
    : decided.minute >= starter.minute;
}

/** A collector that came second is noted all the same: from now on the schedule leaves it to it. */
async function skip(ports: Ports, memory: Memory, starter: MinuteStarter): Promise<SkippedTick> {
  const { decided } = memory;
  const minute = isoTime(decided?.minute ?? 0);
  if (starter !== 'schedule' && decided?.by === 'schedule')
    await ports.state.writeMemory(
      serializeMemory({ ...memory, decided: { ...decided, by: 'collector' } }),
    );
  ports.log.info('already decided', {
    trigger: starter === 'schedule' ? 'schedule' : 'collector',
    minute,
  });
  return { ok: true, skipped: 'alreadyDecided', minute };
}

async function readDecided(ports: Ports): Promise<Memory> {
  return parseMemory(await ports.state.readMemory()).memory;
}

function minuteOf(time: EpochSeconds): EpochSeconds {
  return Math.floor(time / 60) * 60;
}
