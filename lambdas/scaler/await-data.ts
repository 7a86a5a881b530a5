import type { Collected } from '../core/protocol/collected';
import type { EpochSeconds } from '../core/protocol/time';
import { observe, type Observation } from '../observation/observe';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';

/** Longest wait for a minute's data: CloudWatch is not read-after-write. */
const longestSeconds = 25;
const pauseSeconds = 2.5;

/** By so much the next wait is shorter, lest one late minute makes all that follow late. */
const shorterSeconds = 0.25;

/**
 * How long after the collector's word its data could be read, as this function saw it last; it
 * outlives an invocation.
 */
export interface DataDelay {
  seconds: number;
}

/**
 * Observes once the collector's data of a minute can be read, or the time is up. It
 * waits first for as long as data took lately and then reads everything, since AWS charges for
 * each figure that is read: one read is the rule. Only when the minute is not there yet it looks
 * for the heartbeat alone, and reads again when that has come.
 */
export async function observeMinute(
  ports: Ports,
  env: ScalerEnv,
  minute: EpochSeconds,
  collected: Collected | undefined,
): Promise<Observation> {
  const { clock, metrics, dataDelay } = ports;
  const isThere = (beats: readonly number[]) => beats.some((at) => at >= minute);
  // The schedule has a phase of its own: how long it waits says nothing about CloudWatch.
  const usual = collected === undefined ? 0 : dataDelay.seconds - shorterSeconds;
  let waited = Math.min(longestSeconds, Math.max(0, usual));
  if (waited > 0) await clock.sleep(waited);
  const observation = await observe(ports, env, 'needed', collected);
  let found = isThere(observation.snapshot.heartbeats);
  if (found) {
    if (collected !== undefined) dataDelay.seconds = waited;
    return observation;
  }
  while (!found && waited < longestSeconds) {
    const pause = Math.min(pauseSeconds, longestSeconds - waited);
    await clock.sleep(pause);
    waited += pause;
    found = isThere(await metrics.heartbeats(minute, clock.now()));
  }
  if (collected !== undefined) dataDelay.seconds = found ? waited : 0;
  return observe(ports, env, 'needed', collected);
}
