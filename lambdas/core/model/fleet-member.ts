import type { Memory } from './memory';
import type { Policy } from './policy';
import { saysEmpty, type BridgeReport, type ObservedBridge, type Snapshot } from './snapshot';

/**
 * - `booting`: has not reported yet, and still has time to.
 * - `overdue`: running, never reported, boot time-out over while the collector does publish.
 * - `active`: reports. `silent`: no longer. `lost`: still silent long after its repair.
 * - `draining`: takes no new conferences.
 * - `stopped`: exists but does not run. `gone`: EC2 is ending it.
 */
export type Phase =
  'booting' | 'overdue' | 'active' | 'silent' | 'lost' | 'draining' | 'stopped' | 'gone';

export interface FleetMember {
  readonly bridge: ObservedBridge;
  readonly phase: Phase;
  /** Newest report of the observed window. */
  readonly report?: BridgeReport;
  /** {@link report} is not older than the policy's `staleSeconds`. */
  readonly fresh: boolean;
  /** How long it is missing, counted in minutes in which the collector did publish. */
  readonly silentSeconds: number;
}

const minute = 60;

/**
 * Age of the load data: from when the collector began to hear it, where that is known; else from
 * the start of the newest minute that it published, which understates nothing.
 */
export function dataAgeSeconds({ now, heartbeats, heardFrom }: Snapshot): number | undefined {
  const newest = heartbeats.at(-1);
  return newest === undefined ? undefined : Math.max(0, now - Math.max(newest, heardFrom ?? 0));
}

/** Whether the collector works, so that the absence of a report means something. */
export function isDataFresh(snapshot: Snapshot, policy: Policy): boolean {
  const age = dataAgeSeconds(snapshot);
  return age !== undefined && age <= policy.staleSeconds;
}

/** Every bridge of a credible snapshot with its phase. */
export function membersOf(
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): readonly FleetMember[] {
  return snapshot.bridges.map((bridge) => memberOf(bridge, snapshot, policy, memory));
}

function memberOf(
  bridge: ObservedBridge,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): FleetMember {
  const report = bridge.reports.at(-1);
  const silentSeconds = heartbeatsAfter(snapshot, report?.minute ?? -Infinity) * minute;
  const fresh = report !== undefined && snapshot.now - report.minute <= policy.staleSeconds;
  return {
    bridge,
    phase: phaseOf({ bridge, report, silentSeconds }, snapshot, policy, memory),
    ...(report === undefined ? {} : { report }),
    fresh,
    silentSeconds,
  };
}

interface Signs {
  readonly bridge: ObservedBridge;
  readonly report: BridgeReport | undefined;
  readonly silentSeconds: number;
}

function phaseOf(
  { bridge, report, silentSeconds }: Signs,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): Phase {
  if (bridge.state === 'shutting-down') return 'gone';
  if (bridge.state === 'stopping' || bridge.state === 'stopped') return 'stopped';
  if (bridge.drain !== undefined || saysItDrains(bridge, report, memory)) return 'draining';
  if (!bridge.everReported && report === undefined)
    return isOverdue(bridge, snapshot, policy) ? 'overdue' : 'booting';
  if (silentSeconds < policy.silentSeconds) return 'active';
  const repairedAt = memory.repairs[bridge.instanceId];
  const silentAfterRepair =
    repairedAt === undefined ? 0 : heartbeatsAfter(snapshot, repairedAt) * minute;
  return silentAfterRepair >= policy.silentSeconds ? 'lost' : 'silent';
}

/** A report from before the undrain no longer counts as saying so. */
function saysItDrains(
  bridge: ObservedBridge,
  report: BridgeReport | undefined,
  memory: Memory,
): boolean {
  if (report?.draining !== true) return false;
  const undrainedTime = memory.undrainedAt[bridge.instanceId];
  return undrainedTime === undefined || report.minute > undrainedTime;
}

/**
 * Running beyond its boot time-out without a report, while it could have been heard: one that came
 * up while the collector was dead is given the time that any silent bridge has.
 */
export function isOverdue(bridge: ObservedBridge, snapshot: Snapshot, policy: Policy): boolean {
  return (
    !bridge.everReported &&
    bridge.reports.length === 0 &&
    isDataFresh(snapshot, policy) &&
    heartbeatsAfter(snapshot, bridge.launchedAt) * minute >= policy.silentSeconds &&
    snapshot.now - bridge.launchedAt > policy.bootTimeoutSeconds
  );
}

function heartbeatsAfter(snapshot: Snapshot, time: number): number {
  return snapshot.heartbeats.filter((at) => at > time).length;
}

/**
 * The collector publishes every minute and is read half a minute later at most: data older than
 * this lacks a minute. By the reports' own time a tick that the collector starts is far from it;
 * by CloudWatch's minutes a tick of the schedule may reach it.
 */
const lackingSeconds = 90;

/**
 * Whether the newest minute is there, and no bridge that counts on being heard is missing in it;
 * one that is silent for long is another matter.
 */
export function isEveryoneHeard(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
): boolean {
  return (
    (dataAgeSeconds(snapshot) ?? Infinity) <= lackingSeconds &&
    members.every(
      ({ phase, silentSeconds }) =>
        silentSeconds === 0 ||
        silentSeconds >= policy.silentSeconds ||
        (phase !== 'active' && phase !== 'draining'),
    )
  );
}

/** Whether the operator asked to leave this bridge alone for now. */
export function isProtected(bridge: ObservedBridge, now: number): boolean {
  return bridge.protectUntil !== undefined && bridge.protectUntil > now;
}

/**
 * Whether a draining bridge was empty in every report of an unbroken run of minutes since its drain
 * that covers `emptySeconds`. Reports from before the drain prove nothing: a conference may have
 * been placed on it in between.
 */
export function isObservedEmpty(member: FleetMember, policy: Policy): boolean {
  const { bridge, report, fresh, silentSeconds } = member;
  const since = bridge.drain?.since;
  // One that is missing from the newest data contradicts what it said before.
  if (since === undefined || report === undefined || !fresh || silentSeconds > 0) return false;
  let oldest = report.minute + minute;
  for (const heard of [...bridge.reports].reverse()) {
    const { minute: at } = heard;
    if (!saysEmpty(heard) || oldest - at > minute || at < since) break;
    oldest = at;
  }
  return report.minute + minute - oldest > policy.emptySeconds;
}

/** Seconds since the undrain of a bridge, successful or not; Infinity when there was none. */
export function secondsSinceUndrained(instanceId: string, memory: Memory, now: number): number {
  const at = memory.undrainedAt[instanceId];
  return at === undefined ? Infinity : now - at;
}

/** An undrain takes effect within this time, or is not counted on any more. */
export const undrainSeconds = 60;

/** For so long it is not tried again. */
export const undrainPauseSeconds = 600;
