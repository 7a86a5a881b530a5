import type { Memory } from '../core/model/memory';
import type { Snapshot } from '../core/model/snapshot';
import type { Reason } from '../core/protocol/reason';
import type { Ports } from './ports';

/** Consoles that are read in one tick; boots that fail together mostly fail alike. */
const readAtOnce = 3;

/**
 * Why boots failed that this decision no longer waits for: the last lines of their consoles, as
 * reasons of the decision record, and in the log. A console that cannot be read is no reason to
 * stop.
 */
export async function explainFailedBoots(
  ports: Ports,
  snapshot: Snapshot,
  before: Memory,
  after: Memory,
): Promise<readonly Reason[]> {
  const reported = new Set(
    snapshot.bridges.flatMap(({ instanceId, everReported }) => (everReported ? [instanceId] : [])),
  );
  const failed = Object.keys(before.booting).filter(
    (id) => !(id in after.booting) && !reported.has(id),
  );
  return Promise.all(
    failed.slice(0, readAtOnce).map(async (instanceId): Promise<Reason> => {
      const reason: Reason = {
        code: 'BootConsole',
        instanceId,
        ...(await consoleOf(ports, instanceId)),
      };
      ports.log.error('boot failed', { ...reason });
      return reason;
    }),
  );
}

async function consoleOf(
  ports: Ports,
  id: string,
): Promise<{ readonly lines: readonly string[]; readonly unreadable?: string }> {
  try {
    return { lines: await ports.instances.lastWords(id) };
  } catch (error) {
    return { lines: [], unreadable: error instanceof Error ? error.name : 'unknown error' };
  }
}
