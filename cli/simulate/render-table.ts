import type { ControllerReport, SimulationReport } from './report';

type Column = readonly [title: string, cell: (controller: ControllerReport) => string];

/** The figures of the table, as text and in the page. */
export function columnsOf({ controllers }: SimulationReport): readonly Column[] {
  const [reference] = controllers;
  return [
    ['', ({ title }) => title],
    ['bridge-hours', ({ bridgeHours }) => bridgeHours.toFixed(1)],
    ['cost', ({ dollars }) => `$${dollars.toFixed(2)}`],
    ['with egress', ({ dollarsWithEgress }) => `$${dollarsWithEgress.toFixed(2)}`],
    [
      'difference',
      (controller) =>
        controller === reference ? '' : signed(controller.bridgeHoursDifference * 100),
    ],
    ['stress > 0.8', ({ overloadShare }) => percent(overloadShare)],
    ['stress > 1.0', ({ overloadShareAt1 }) => percent(overloadShareAt1)],
    [
      'launches',
      ({ name, launches }) => `${name === 'recorded' ? '≥ ' : ''}${Math.round(launches)}`,
    ],
    ['most at once', ({ mostBridges }) => String(mostBridges)],
  ];
}

/** Head line, table and notes for a terminal. */
export function renderTable(report: SimulationReport): string {
  const columns = columnsOf(report);
  const rows = [
    columns.map(([title]) => title),
    ...report.controllers.map((controller) => columns.map(([, cell]) => cell(controller))),
  ];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [
    headline(report),
    '',
    ...lines,
    '',
    'stress: share of participant time on bridges above that stress',
    ...report.notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}

/** What was replayed, in one sentence. */
export function headline(report: SimulationReport): string {
  return (
    `Fleet ${report.fleet}, ${minute(report.from)} to ${minute(report.to)} UTC ` +
    `(${report.scoredDays.toFixed(1)} days, ${report.historyDays.toFixed(1)} before to learn from), ` +
    `${report.source}, load up to ${report.peakLoad.toFixed(1)} full bridges`
  );
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(3)} %`;
}

function signed(value: number): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(0)} %`;
}
