import type { EpochSeconds } from '../core/protocol/time';
import type { Ports } from './ports';

/** Longest wait for a minute's data: CloudWatch is not read-after-write. */
const longestSeconds = 25;
const pauseSeconds = 2.5;

/** Returns when the collector's data of a minute can be read, or the time is up. */
export async function awaitData(ports: Ports, minute: EpochSeconds): Promise<void> {
  for (let waited = 0; waited < longestSeconds; waited += pauseSeconds) {
    const beats = await ports.metrics.heartbeats(minute, ports.clock.now());
    if (beats.some((at) => at >= minute)) return;
    await ports.clock.sleep(pauseSeconds);
  }
}
