import type { Memory } from '../core/model/memory';
import type { Snapshot } from '../core/model/snapshot';
import type { Ports } from './ports';

/** Consoles that are read in one tick; boots that fail together mostly fail alike. */
const readAtOnce = 3;

/**
 * Why boots failed that this decision no longer waits for, in the words of their consoles: a sentence each for the
 * decision record, and all that was kept in the log. A console that cannot be read is no reason to stop.
 */
export async function explainFailedBoots(
  ports: Ports,
  snapshot: Snapshot,
  before: Memory,
  after: Memory,
): Promise<readonly string[]> {
  const reported = new Set(
    snapshot.bridges.flatMap(({ instanceId, everReported }) => (everReported ? [instanceId] : [])),
  );
  const failed = Object.keys(before.booting).filter(
    (id) => !(id in after.booting) && !reported.has(id),
  );
  return Promise.all(
    failed.slice(0, readAtOnce).map(async (id) => {
      const words = await lastWordsOf(ports, id);
      ports.log.error('boot failed', { instanceId: id, console: words });
      return `${id} said: ${words.length === 0 ? 'nothing' : words.join(' / ').slice(0, 240)}`;
    }),
  );
}

async function lastWordsOf(ports: Ports, id: string): Promise<readonly string[]> {
  try {
    return await ports.instances.lastWords(id);
  } catch (error) {
    return [
      `its console is not readable: ${error instanceof Error ? error.name : 'unknown error'}`,
    ];
  }
}
