import { z } from 'zod';
import { authHost, instanceIdOfBridge } from '../protocol/xmpp-names';
import {
  amount,
  count,
  flag,
  parseStats,
  rejected,
  timestamp,
  type RawStats,
  type StatsContext,
  type StatsReading,
} from './stats';
import { componentStress } from './stress';

/** One item of the stats node as it came over the wire. */
export interface StatsItem {
  readonly kind: 'item';
  /**
   * Item id: the bridge's own component JID, if it is honest; the Prosody module refuses any
   * other.
   */
  readonly itemId: string;
  readonly stats: RawStats;
}

/** Local part of the default bridge's component, as Jitsi's packages name it. */
const defaultBridge = 'jitsi-videobridge';

/**
 * Total: whatever came over the wire is a report, an observation or a rejection with its reason.
 */
export function readStatsItem(item: StatsItem, context: StatsContext): StatsReading {
  if (item.itemId === `${defaultBridge}.${context.domain}`) return { kind: 'observed' };
  const instanceId = senderOf(item.itemId, context.domain);
  if (instanceId === undefined) return rejected('unknownSender');
  const parsed = parseStats(item.stats, statsSchema, context.now);
  if (parsed.kind === 'rejected') return parsed;
  const { stats } = parsed;
  return {
    kind: 'report',
    report: {
      instanceId,
      reportedAt: stats.current_timestamp,
      stressRatio: componentStress(
        {
          packetsPerSecond: stats.packet_rate_download + stats.packet_rate_upload,
          ...(stats.cpu_usage === undefined ? {} : { cpuRatio: stats.cpu_usage }),
        },
        context.maxPacketRate,
      ),
      participantCount: stats.participants,
      conferenceCount: stats.conferences,
      draining: stats.graceful_shutdown || stats.shutting_down || stats.drain,
    },
  };
}

/** Instance id of the bridge whose component JID this is, or undefined for anyone else. */
function senderOf(jid: string, domain: string): string | undefined {
  const suffix = `.${domain}`;
  if (!jid.endsWith(suffix) || jid.endsWith(`.${authHost(domain)}`)) return undefined;
  return instanceIdOfBridge(jid.slice(0, -suffix.length));
}

/**
 * The stats that are used, named as in jitsi-videobridge's VideobridgeStatistics; the others are
 * ignored.
 */
const statsSchema = z.object({
  current_timestamp: timestamp,
  packet_rate_download: amount(1e9),
  packet_rate_upload: amount(1e9),
  conferences: count,
  participants: count,
  graceful_shutdown: flag,
  /** Machine's share, 0..1; Sigar may overshoot a little. v2.1 up to build 202 has none. */
  cpu_usage: amount(2).optional(),
  /** Only newer bridges have these two. */
  shutting_down: flag.default(false),
  drain: flag.default(false),
});
