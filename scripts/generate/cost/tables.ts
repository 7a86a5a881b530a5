import { assumedMbitPerParticipant } from '../../../cli/simulate/egress';
import { controlDollars, controlShare, monthlyBill, type ControlItem } from './bill';
import type { Day } from './day';

/** Each row a fleet: what its bridges, its control plane and its traffic cost in a month. */
export function billTable(days: readonly Day[]): string {
  const rows = days.map((day) => {
    const nat = monthlyBill(day, 'nat');
    const oneZone = monthlyBill(day, { endpointZones: 1 });
    return [
      bridgesOf(day),
      dollars(nat.instances),
      dollars(nat.volumesAndAddresses),
      `${dollars(controlDollars(nat))} (${percent(controlShare(nat))})`,
      `${dollars(controlDollars(oneZone))} (${percent(controlShare(oneZone))})`,
      dollars(nat.egress),
    ];
  });
  return table(
    [
      'bridges, on average',
      'instances',
      'volumes, addresses',
      'control plane, `nat`',
      'control plane, `createEndpoints`, one zone',
      `egress at ${assumedMbitPerParticipant} Mbit/s a participant`,
    ],
    rows,
  );
}

const items: Readonly<Record<ControlItem, string>> = {
  bridgeAndFleetMetrics: 'custom metrics of CloudWatch, of each bridge and of the fleet',
  metricsRead: 'metrics read from CloudWatch',
  metricsPut: 'requests that publish metrics',
  functions: 'Lambda',
  alarms: 'alarms',
  other: 'logs, KMS, Scheduler, data through the NAT gateway',
};

/** What the control plane's cost is made of, fleet by fleet, with `nat`. */
export function itemTable(days: readonly Day[]): string {
  const bills = days.map((day) => monthlyBill(day, 'nat'));
  const names = Object.keys(items) as ControlItem[];
  return table(
    ['per month, with `nat`', ...days.map((day) => `${bridgesOf(day)} bridges`)],
    names.map((name) => [items[name], ...bills.map(({ control }) => dollars(control[name]))]),
  );
}

function bridgesOf({ bridges }: Day): string {
  return bridges < 10 ? bridges.toFixed(1) : String(Math.round(bridges));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join(
    '\n',
  );
}

function dollars(amount: number): string {
  const digits = amount < 10 ? 2 : 0;
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
