import { publishedPrice } from '../../../cli/simulate/prices';
import {
  assumedMbitPerParticipant,
  egressDollars,
  gigabytes,
  hoursPerMonth,
} from '../../../cli/simulate/egress';
import { alarmNames } from '../../../lib/alarms';
import type { Day } from './day';
import { prices } from './prices';

/** Where the collector's way out leads: through a NAT gateway, or endpoints in so many zones. */
export type WayOut = 'nat' | { readonly endpointZones: number };

/** Dollars a month. */
export interface Bill {
  readonly instances: number;
  /** The bridges' volumes and public addresses. */
  readonly volumesAndAddresses: number;
  readonly control: Readonly<Record<ControlItem, number>>;
  readonly endpoints: number;
  readonly egress: number;
}

export type ControlItem =
  'bridgeAndFleetMetrics' | 'metricsRead' | 'metricsPut' | 'functions' | 'alarms' | 'other';

/** The type that the example config names first. */
export const instanceType = 'c6i.xlarge';
const volumeGibibytes = 16;

/**
 * What cannot be counted here: how long a function runs, in seconds, beside the waits that are
 * counted; memory is that of `lib`.
 */
export const assumed = {
  collector: { seconds: 8, gibibytes: 0.25 },
  scaler: { seconds: 2, gibibytes: 0.5 },
  skipped: { seconds: 0.3, gibibytes: 0.5 },
  registrar: { seconds: 6, gibibytes: 0.25 },
  filter: { seconds: 0.3, gibibytes: 0.25 },
} as const;

/** Bytes that Lambda and the logger write around each invocation. */
const logBytesPerInvocation = 1200;
/** EC2's events of a bridge from launch to end, each of which invokes the filter and the scaler. */
const eventsPerBridge = 5;
/** Stages of a boot and the whole: metrics of each hour in which a bridge boots. */
const bootMetrics = 8;
const minutesPerDay = 1440;

/** The month that has such days only. */
export function monthlyBill(day: Day, wayOut: WayOut): Bill {
  const days = hoursPerMonth / 24;
  const { cloudWatch, launches } = day;
  const runs = {
    collector: minutesPerDay,
    // The collector's success, and the schedule, which finds the minute decided.
    scaler: minutesPerDay + launches * eventsPerBridge,
    skipped: minutesPerDay,
    registrar: minutesPerDay / 5 + 2 * launches,
    filter: launches * eventsPerBridge,
  };
  const invocations = Object.values(runs).reduce((sum, count) => sum + count, 0);
  const { lambda, kms, scheduler } = prices;
  const gigabytePut = cloudWatch.bytesPut / 1e9;
  const metricHours = cloudWatch.metricHours + day.hoursWithLaunches * bootMetrics;
  const logGigabytes = (day.logBytes + invocations * logBytesPerInvocation) / 1e9;
  const dataDollars =
    gigabytePut * (wayOut === 'nat' ? prices.natGigabyte : prices.endpoint.gigabyte);
  return {
    instances: hoursPerMonth * day.bridges * (publishedPriceOf(instanceType) ?? NaN),
    volumesAndAddresses:
      day.bridges *
      (volumeGibibytes * prices.bridge.gibibyteMonth + hoursPerMonth * prices.bridge.addressHour),
    control: {
      bridgeAndFleetMetrics: (days * metricHours * prices.cloudWatch.metricMonth) / hoursPerMonth,
      metricsRead: days * cloudWatch.metricsRead * prices.cloudWatch.metricRead,
      metricsPut: days * (cloudWatch.puts + launches) * prices.cloudWatch.put,
      functions:
        days *
        (invocations * lambda.request +
          gibibyteSeconds(runs, day.waitedSeconds) * lambda.gigabyteSecond),
      alarms: alarmNames.length * prices.cloudWatch.alarmMonth,
      other:
        days *
        (logGigabytes * prices.cloudWatch.logGigabyte +
          (runs.collector + launches) * kms.request +
          (2 * minutesPerDay + minutesPerDay / 5) * scheduler.invocation +
          dataDollars),
    },
    endpoints:
      wayOut === 'nat' ? 0 : 2 * wayOut.endpointZones * hoursPerMonth * prices.endpoint.hour,
    egress: egressDollars(days * gigabytes(day.participantHours, assumedMbitPerParticipant)),
  };
}

/** Of the instances' bill, without volumes, addresses and traffic. */
export function controlShare(bill: Bill): number {
  return controlDollars(bill) / bill.instances;
}

export function controlDollars({ control, endpoints }: Bill): number {
  return Object.values(control).reduce((sum, dollars) => sum + dollars, endpoints);
}

function gibibyteSeconds(
  runs: Readonly<Record<keyof typeof assumed, number>>,
  waitedSeconds: number,
): number {
  const names = Object.keys(assumed) as (keyof typeof assumed)[];
  const busy = names.reduce(
    (sum, name) => sum + runs[name] * assumed[name].seconds * assumed[name].gibibytes,
    0,
  );
  return busy + waitedSeconds * assumed.scaler.gibibytes;
}

function publishedPriceOf(type: string): number | undefined {
  return publishedPrice([{ type, weight: 1 }])?.dollarsPerBridgeHour;
}
