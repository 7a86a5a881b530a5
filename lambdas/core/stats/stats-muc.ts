import { z } from 'zod';
import { authHost, bridgeAccount, instanceIdOfBridge } from '../protocol/xmpp-names';
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

/**
 * A presence in the brewery, as the room passed it on: what it says of itself is not trusted yet.
 */
export interface BreweryPresence {
  readonly kind: 'presence';
  /** Chosen by the occupant. */
  readonly nickname: string;
  /** Who has that nickname, by the room's word: bare addresses. None when the room hides them. */
  readonly accounts: readonly string[];
  /** Whether the room repeated what it had, as we came, or the occupant said it just now. */
  readonly moment: 'atJoin' | 'live';
  /** Undefined for an occupant that speaks of no stats, such as Jicofo. */
  readonly stats: RawStats | 'left' | undefined;
}

/**
 * Account of Server A's default bridge, as Jitsi's packages name it; its nickname is a random one.
 */
const defaultAccount = 'jvb';

/**
 * Total: whatever came over the wire is a report, an observation, nothing or a rejection with its
 * reason. Only the account counts, as the room stamps it: with a nickname alone everybody who may
 * enter could speak for any bridge.
 *
 * An unhealthy bridge (no address, no port, a failed check) is no report: Jicofo does not use it,
 * so it must count neither as capacity nor as one that drains. Going silent triggers repair.
 */
export function readBreweryPresence(
  { nickname, accounts, stats: raw }: BreweryPresence,
  { domain, accountsHost = authHost(domain), now }: StatsContext,
): StatsReading {
  if (raw === undefined) return { kind: 'nothing' };
  if (accounts.length === 0)
    return raw === 'left' ? { kind: 'nothing' } : rejected('hiddenAddress');
  const instanceId = instanceIdOfBridge(nickname);
  const isHeldBy = (account: string) => accounts.every((each) => sameAddress(each, account));
  if (raw === 'left')
    return instanceId !== undefined && isHeldBy(bridgeAccount(instanceId, accountsHost))
      ? { kind: 'left', instanceId }
      : { kind: 'nothing' };
  if (instanceId === undefined)
    return isHeldBy(`${defaultAccount}@${accountsHost}`)
      ? { kind: 'observed' }
      : rejected('unknownSender');
  if (!isHeldBy(bridgeAccount(instanceId, accountsHost))) return rejected('otherAccount');
  const parsed = parseStats(raw, statsSchema, now);
  if (parsed.kind === 'rejected') return { ...parsed, instanceId };
  const { stats } = parsed;
  if (!stats.healthy) return { ...rejected('unhealthy'), instanceId };
  return {
    kind: 'report',
    report: {
      instanceId,
      reportedAt: stats.current_timestamp,
      stressRatio: stats.stress_level,
      participantCount: Math.max(stats.participants, stats.local_endpoints),
      conferenceCount: stats.conferences,
      draining: stats.drain || stats.graceful_shutdown || stats.shutting_down,
    },
  };
}

/** Prosody lower-cases the parts before and behind the `@`. */
function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * The stats that are used, named as in jitsi-videobridge's VideobridgeStatisticsShim; the others
 * are ignored.
 */
const statsSchema = z.object({
  current_timestamp: timestamp,
  /** Since 2.1-343; of a machine that runs anything else as well it may exceed 1 by far. */
  stress_level: amount(1000),
  conferences: count,
  participants: count,
  /**
   * Counted at once, where `participants` lags by some seconds: whoever is seen by either is
   * there.
   */
  local_endpoints: count.default(0),
  graceful_shutdown: flag,
  /** Older bridges have none of these. */
  shutting_down: flag.default(false),
  drain: flag.default(false),
  healthy: flag.default(true),
});
