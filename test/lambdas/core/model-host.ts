import type { Drain } from '../../../lambdas/core/protocol/drain-tag';
import type { BridgeReport, Market } from '../../../lambdas/core/model/snapshot';

/** One instance of the model world with the bridge on it; only the world changes it. */
export interface ModelHost {
  readonly id: string;
  readonly token: string;
  readonly market: Market;
  readonly launchedAt: number;
  /** When its service comes up; Infinity = never. */
  readonly bootsAt: number;
  /** EC2 lists it from then on. */
  listedAt: number;
  state: 'running' | 'stopped' | 'shutting-down';
  /** Tags. */
  drain?: Drain;
  suspectSince?: number;
  protectUntil?: number;
  /** Load of its calls, 1 = full. */
  load: number;
  /** The service takes no new conferences; `refusesForGood`: and ends when the last call does. */
  drains: boolean;
  refusesForGood: boolean;
  /** Prosody and Jicofo do not hear it any more; calls go on. */
  isMute: boolean;
  /** The collector does not hear or believe it, from its first report on. */
  isUnheard: boolean;
  /** No Run Command ever reaches it. */
  isDeaf: boolean;
  /** The registrar has made its secret, without which it does not start. */
  readonly isRegistered: boolean;
  /** Reports itself empty though it has calls. */
  lies: boolean;
  everReported: boolean;
  reports: BridgeReport[];
}

export function participantsOn(host: ModelHost): number {
  return Math.ceil(host.load * 20);
}

/** The service runs. */
export function isUp(host: ModelHost, at: number): boolean {
  const hasEnded = host.refusesForGood && host.load === 0;
  return host.state === 'running' && at >= host.bootsAt && !hasEnded;
}

/** Jicofo would put a new conference on it. */
export function takesCalls(host: ModelHost, at: number): boolean {
  return isUp(host, at) && !host.drains && !host.refusesForGood && !host.isMute;
}

/** What it says of itself in a minute. */
export function reportOf(host: ModelHost, minute: number): BridgeReport {
  const participantCount = host.lies ? 0 : participantsOn(host);
  return {
    minute,
    stressRatio: host.lies ? 0 : host.load,
    participantCount,
    conferenceCount: Math.ceil(participantCount / 10),
    draining: host.drains || host.refusesForGood,
  };
}
