import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from './scenarios';
import { clairvoyant, contestants } from './contestants';
import { Competition } from './compete';
import { settingsIn } from './job';
import { dayPlot, frontPlot } from './plots';
import type { SensitivityRow } from './sensitivity';
import type { ScenarioSummary } from './summary';
import { sweepOf } from './sweeps';
import { elasticityTable, scenarioTable, targetTable } from './tables';
import { checkTargets, type Timing } from './targets';

export interface Report {
  readonly summaries: readonly ScenarioSummary[];
  readonly timing?: Timing;
  readonly sensitivity: readonly SensitivityRow[];
}

/** Where a report goes. */
export interface ReportDirectories {
  /** README.md and the plots. */
  readonly documents: string;
  /** results.json, with every figure. */
  readonly figures: string;
}

/** Scenarios that are shown in plots, if they were run. */
export const plottedScenarios: readonly string[] = ['S1', 'S2', 'S5'];

/** Writes README.md, the plots and results.json. */
export function writeReport(directories: ReportDirectories, report: Report): void {
  const { documents, figures } = directories;
  const { summaries, timing, sensitivity } = report;
  const targets = checkTargets(summaries, timing);
  const results = { scenarios: summaries, timing, targets, sensitivity };
  for (const directory of [documents, figures]) mkdirSync(directory, { recursive: true });
  writeFileSync(join(figures, 'results.json'), `${JSON.stringify(results, undefined, 1)}\n`);
  const plots = summaries.filter(({ scenario }) => plottedScenarios.includes(scenario));
  for (const summary of plots) {
    const { scenario } = summary;
    writeFileSync(join(documents, `front-${scenario}.svg`), frontPlot(summary, sweepOf(scenario)));
    writeFileSync(join(documents, `day-${scenario}.svg`), dayOf(scenario));
  }
  writeFileSync(join(documents, 'README.md'), readme(report, targets, plots));
}

/** Tuesday of the first seed. */
function dayOf(id: string): string {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  if (scenario === undefined) return '';
  const competition = new Competition(scenario.run(1));
  const lines = [clairvoyant.name, 'ours', 'target-tracking-predictive', 'jitsi-autoscaler'].map(
    (name) => {
      const contestant = contestants.find((candidate) => candidate.name === name) ?? clairvoyant;
      return {
        name,
        samples: competition.run(contestant, settingsIn(id, contestant), { keepSamples: true })
          .samples,
      };
    },
  );
  return dayPlot(id, lines, 1);
}

function readme(
  { summaries, timing, sensitivity }: Report,
  targets: ReturnType<typeof checkTargets>,
  plots: readonly ScenarioSummary[],
): string {
  const seeds = summaries[0]?.seeds ?? 0;
  return [
    '# Benchmark',
    `Simulated weeks, ${seeds} seeds each, the same for all controllers; means with 95 % bootstrap intervals in brackets. ` +
      `Made by \`npm run bench -- ${sensitivity.length > 0 ? '--full' : '--out docs/benchmark'}\`; ` +
      'how it works, what the words mean and how to run your own trace or controller: ' +
      '[sim/arena/README.md](../../sim/arena/README.md). A `--full` run also writes every figure, and every setting of the rivals ' +
      'that was tried for the plots, as JSON to `.local/benchmark`.',
    '## Targets',
    targetTable(targets),
    ...(timing === undefined
      ? []
      : [
          `One \`decide\` with four weeks of history, p99: ${timing.at500Milliseconds.toFixed(2)} ms at 500 bridges, ` +
            `${timing.at2000Milliseconds.toFixed(2)} ms at 2 000.`,
        ]),
    '## Scenarios',
    'Each rival has its best setting for the scenario: the cheapest with OPM ≤ 0.1 % on seeds that are not scored, or the one with ' +
      'least overload where none reaches that. Ours has its defaults everywhere. OPM: share of participant-minutes on bridges above ' +
      'that stress, a refused join counted for its whole length. C*: the clairvoyant, at most 0.05 %.',
    ...summaries.flatMap((summary) => [
      `### ${summary.scenario}: ${summary.title}`,
      `Peak ${Math.round(summary.peakParticipants)} participants; fluid bound LB0 ${Math.round(summary.fluidBoundHours)} bridge-hours.`,
      scenarioTable(summary),
      elasticityTable(summary),
      ...(plots.includes(summary)
        ? [
            `![Overload against hours in ${summary.scenario}](front-${summary.scenario}.svg)`,
            `![One day of ${summary.scenario}](day-${summary.scenario}.svg)`,
          ]
        : []),
    ]),
    ...sensitivityText(sensitivity),
    '## What the model leaves out',
    'Real media (stress is the number of participants, not packets), several regions, conferences that Jicofo moves, bridges of ' +
      'unequal size, spot interruptions, API limits and latencies (a launch starts, and a drain holds, at once), and people who ' +
      'leave because of a bad call. The generator is ours, and an author’s simulator flatters its author: bring your own trace.',
    '',
  ].join('\n\n');
}

function sensitivityText(rows: readonly SensitivityRow[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    '## Does the ranking depend on the generator?',
    'S1 with each knob moved by ±30 %, three seeds, settings as in S1: hours / C* (OPM > 0.8), cheapest first.',
    [
      '| knob | × | ranking |',
      '| --- | ---: | --- |',
      ...rows.map(({ knob, factor, ranking }) => {
        const cells = ranking.map(
          ({ name, bridgeHoursOverClairvoyant, overloadShare }) =>
            `${name} ${bridgeHoursOverClairvoyant.toFixed(2)} (${(100 * overloadShare).toFixed(2)} %)`,
        );
        return `| ${knob} | ${factor} | ${cells.join(' · ')} |`;
      }),
    ].join('\n'),
  ];
}
