import type {
  BridgeReason,
  LaunchReason,
  OperatorReason,
  ReadingReason,
  Reason,
  ReasonRecord,
  SizeReason,
} from '../protocol/reason';
import { clockTime } from './clock-time';
import { describeSchedule } from './describe-schedule';

/** A reason with its words, as records carry it. */
export function withText(reason: Reason): ReasonRecord {
  return { ...reason, text: describeReason(reason) };
}

/** Any reason in words: the only place that has them. Command line, log and docs share it. */
export function describeReason(reason: Reason): string {
  switch (reason.code) {
    case 'Schedule':
      return describeSchedule(reason);
    case 'LoadNeeds':
    case 'ScaleInCooldown':
    case 'ScaleInHold':
    case 'ScaleIn':
    case 'NoLoadData':
    case 'OperatorScale':
    case 'Bounded':
    case 'Paused':
      return describeSize(reason);
    case 'NoRoom':
    case 'BreakerOpen':
    case 'LaunchRepeated':
    case 'LaunchWaits':
    case 'LaunchGivenUp':
    case 'BootFailed':
    case 'BootConsole':
      return describeLaunch(reason);
    case 'Reports':
    case 'Silent':
    case 'SilentAfterRepair':
    case 'SilentWhileDraining':
    case 'NeverReported':
    case 'Stopped':
    case 'SaysItDrains':
    case 'DrainUnconfirmed':
    case 'DrainedEmpty':
      return describeBridge(reason);
    case 'OperatorCommand':
    case 'AnswerForgotten':
      return describeOperator(reason);
    case 'MemoryUnreadable':
    case 'OverridesUnreadable':
    case 'ImageUnreadable':
    case 'ImageOutdated':
    case 'HistoryUnreadable':
    case 'ForeignInstance':
      return describeReading(reason);
  }
}

function describeSize(reason: SizeReason): string {
  switch (reason.code) {
    case 'LoadNeeds':
      return describeNeed(reason);
    case 'ScaleInCooldown':
      return `${bridges(reason.needed)}; scale-in in ${reason.secondsLeft} s`;
    case 'ScaleInHold':
      return `${bridges(reason.needed)}, but ${unheard[reason.unheard]}: hold`;
    case 'ScaleIn':
      return `${bridges(reason.needed, 'sufficed')} for ${reason.seconds} s`;
    case 'NoLoadData':
      return reason.ageSeconds === undefined
        ? `no load data: hold ${reason.hold}`
        : `load data is ${reason.ageSeconds} s old: hold ${reason.hold}`;
    case 'OperatorScale':
      return `the operator scaled to ${reason.to}`;
    case 'Bounded':
      return reason.by === 'max'
        ? `limited by max ${reason.bound}`
        : `raised to min ${reason.bound}`;
    case 'Paused':
      return 'paused by the operator';
  }
}

const unheard = {
  lately: 'not every bridge reported lately',
  newestMinute: 'not every bridge reported in the newest minute',
} as const;

/** `1 bridge suffices`, `2 bridges sufficed` */
function bridges(count: number, verb?: string): string {
  return count === 1 ? `1 bridge ${verb ?? 'suffices'}` : `${count} bridges ${verb ?? 'suffice'}`;
}

/**
 * `load 9.10, forecast 14.20 at 09:05 Mon, needs 19 (21 within the hour), min 2, max 70`; times
 * are UTC.
 */
function describeNeed({
  load,
  needed,
  scaleInFloor,
  forecastLoad,
  forecastAt,
  hold,
  min,
  max,
}: Extract<SizeReason, { code: 'LoadNeeds' }>): string {
  const forecast =
    forecastLoad === undefined || forecastAt === undefined
      ? ''
      : `, forecast ${forecastLoad.toFixed(2)} at ${clockTime(forecastAt)},`;
  const hour = scaleInFloor === undefined ? '' : ` (${scaleInFloor} within the hour)`;
  const scheduled = hold === undefined ? '' : `, hold ${hold}`;
  return `load ${load.toFixed(2)}${forecast} needs ${needed}${hour}${scheduled}, min ${min}, max ${max}`;
}

function describeLaunch(reason: LaunchReason): string {
  switch (reason.code) {
    case 'NoRoom':
      return describeNoRoom(reason);
    case 'BreakerOpen':
      return `launches stopped after ${reason.failures} failed boots${reason.probe ? '; launching one as a probe' : ''}`;
    case 'LaunchRepeated':
      return `repeating launch ${reason.token}: its answer was never recorded`;
    case 'LaunchWaits':
      return `launch ${reason.token} may have been made, but there is no room for it`;
    case 'LaunchGivenUp':
      return `gave up launch ${reason.token}: there is no room for it any more`;
    case 'BootFailed':
      return `boot of ${reason.instanceId} failed (${reason.inARow} in a row)`;
    case 'BootConsole':
      return `${reason.instanceId}: ${describeConsole(reason)}`;
  }
}

function describeNoRoom({
  missing,
  room,
  draining,
  max,
}: Extract<LaunchReason, { code: 'NoRoom' }>): string {
  const what = room === 0 ? `launching none of ${missing}` : `launching ${room} of ${missing}`;
  if (draining === 0) return `${what}: max is ${max}`;
  return draining === 1
    ? `${what}: max is ${max} and 1 draining bridge counts`
    : `${what}: max is ${max} and ${draining} draining bridges count`;
}

const longestConsole = 240;

function describeConsole({
  lines,
  unreadable,
}: Extract<LaunchReason, { code: 'BootConsole' }>): string {
  if (unreadable !== undefined) return `console output cannot be read (${unreadable})`;
  if (lines.length === 0) return 'console output is empty';
  return `console output ends with ${lines.join(' / ').slice(0, longestConsole)}`;
}

function describeBridge(reason: BridgeReason): string {
  switch (reason.code) {
    case 'Reports':
      return 'it reports';
    case 'Silent':
      return `silent for ${reason.seconds} s`;
    case 'SilentAfterRepair':
      return `silent for ${reason.seconds} s, also after its repair`;
    case 'SilentWhileDraining':
      return `draining, and silent for ${reason.seconds} s`;
    case 'NeverReported':
      return `no report ${reason.seconds} s after launch`;
    case 'Stopped':
      return 'the instance is stopped';
    case 'SaysItDrains':
      return 'the bridge says that it drains';
    case 'DrainUnconfirmed':
      return 'the bridge did not confirm its drain';
    case 'DrainedEmpty':
      return `drained and empty for ${reason.seconds} s`;
  }
}

function describeOperator(reason: OperatorReason): string {
  switch (reason.code) {
    case 'OperatorCommand':
      return `${reason.action} ordered by the operator`;
    case 'AnswerForgotten':
      return 'this idempotency key was used before; its answer is no longer stored';
  }
}

function describeReading(reason: ReadingReason): string {
  switch (reason.code) {
    case 'MemoryUnreadable':
      return 'the memory parameter is unreadable: starting with empty memory';
    case 'OverridesUnreadable':
      return 'the override parameter is unreadable: ignoring it';
    case 'ImageUnreadable':
      return 'the image parameter is unreadable: launching from the configured image';
    case 'ImageOutdated':
      return `prebaked image ${reason.imageId} is ${reason.recipe}, not ${reason.wantedRecipe}: launching from the configured image`;
    case 'HistoryUnreadable':
      return `cannot read the load history: ${reason.error}`;
    case 'ForeignInstance':
      return `${reason.instanceId} has the fleet's tag but ${foreign[reason.missing]}: ignoring it; remove its tag bridges:fleet`;
  }
}

const foreign = {
  notTheServer: 'is the Jitsi Meet server',
  launchToken: 'has no launch token of the fleet',
  launchTemplate: "was not launched from the fleet's launch template",
  instanceProfile: "does not have the bridges' role",
} as const;
