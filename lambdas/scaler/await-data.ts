import type { Ports } from './ports';

/** Longest wait for this minute's data: CloudWatch is not read-after-write. */
const longestSeconds = 25;
const pauseSeconds = 2.5;

/** Returns when the collector's data of the running minute can be read, or the time is up. */
export async function awaitData(ports: Ports): Promise<void> {
  const started = ports.clock.now();
  const thisMinute = Math.floor(started / 60) * 60;
  for (let waited = 0; waited < longestSeconds; waited += pauseSeconds) {
    const beats = await ports.metrics.heartbeats(thisMinute, ports.clock.now());
    if (beats.some((at) => at >= thisMinute)) return;
    await ports.clock.sleep(pauseSeconds);
  }
}
