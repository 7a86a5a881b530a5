import type { Element } from '@xmpp/xml';
import { maxBridgePacketRate, type BridgeReport } from './bridge-registry';

/**
 * A `<stats/>` element as a report. Bridges of today say their stress; of v1 it follows from its
 * packet rate, as Jicofo builds 540 to 580 have it.
 */
export function readReport(stats: Element): BridgeReport {
  const values = new Map(
    stats.getChildren('stat').map(({ attrs: { name = '', value = '' } }) => [name, value] as const),
  );
  const number = (name: string) => {
    const value = Number(values.get(name) ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  const packetRate = number('packet_rate_download') + number('packet_rate_upload');
  return {
    stressRatio: values.has('stress_level')
      ? number('stress_level')
      : packetRate / maxBridgePacketRate,
    participants: number('participants'),
    conferences: number('conferences'),
    gracefulShutdown: values.get('graceful_shutdown') === 'true',
    // Until a bridge says otherwise it counts as draining; v1 never speaks of it.
    drain: values.has('stress_level') && values.get('drain') !== 'false',
    shuttingDown: values.get('shutting_down') === 'true',
  };
}
