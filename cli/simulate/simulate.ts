import type { Policy } from '../../lambdas/core/model/policy';
import { cutOf, type Cut, type Recording } from '../../sim/replay/recording';
import { replay, type Replay, type Runner } from '../../sim/replay/replay';
import { endOfSeries, valueAt } from '../../sim/replay/series';
import { historyBinSeconds } from '../../sim/workload/history';
import { egressOf, egressSource, type Egress } from './egress';
import type { InstanceType, Price } from './prices';
import type { ControllerReport, Simulation } from './report';
import { WrongInput } from './wrong-input';

/** What of the config file a simulation needs. */
export interface SimulatedFleet {
  readonly fleet: string;
  readonly region?: string | undefined;
  readonly generation: 'component' | 'muc';
  readonly policy: Policy;
  readonly instanceTypes: readonly InstanceType[];
}

export interface SimulationInput {
  readonly fleet: SimulatedFleet;
  /** With `--set`; absent without. */
  readonly changed?: { readonly title: string; readonly policy: Policy };
  readonly configFile: string;
  readonly recording: Recording;
  /** Where the recording is from. */
  readonly source: string;
  /** What must be known about the recording. */
  readonly notes: readonly string[];
  readonly price: Price;
  readonly traffic: Pick<Egress, 'mbitPerParticipant' | 'source'>;
  readonly bootMedianSeconds: number;
  readonly seeds: number;
}

const daySeconds = 86_400;
const shortestSeconds = 2 * 3600;
/** With less the season of a day is not known yet. */
const learningSeconds = 7 * daySeconds;

/**
 * Replays a recording under each policy.
 * @param onDone told after each simulated run
 * @throws WrongInput when the recording is too short
 */
export function simulate(
  input: SimulationInput,
  onDone: (doneCount: number, totalCount: number) => void,
): Simulation {
  const { recording, seeds, fleet } = input;
  const cut = cutOf(recording);
  checkLength(recording, cut);
  const runners = runnersOf(input);
  const result = replay(
    {
      recording,
      runners,
      policy: fleet.policy,
      generation: fleet.generation,
      bootMedianSeconds: input.bootMedianSeconds,
      seeds: Array.from({ length: seeds }, (_, index) => index + 1),
    },
    (done) => onDone(done, runners.length * seeds),
  );
  const binHours = historyBinSeconds / 3600;
  const participantHours = result.participants.reduce((sum, people) => sum + people * binHours, 0);
  const egress = egressOf(participantHours, cut.scoredSeconds / 3600, input.traffic);
  const bins = Math.floor(cut.scoredSeconds / historyBinSeconds);
  const load = Array.from(
    { length: bins },
    (_, bin) => valueAt(recording.load, cut.scoredFrom + bin * historyBinSeconds) ?? 0,
  );
  return {
    report: {
      fleet: fleet.fleet,
      source: input.source,
      from: isoOf(cut.scoredFrom),
      to: isoOf(cut.scoredFrom + cut.scoredSeconds),
      scoredDays: cut.scoredSeconds / daySeconds,
      historyDays: cut.historySeconds / daySeconds,
      seeds,
      peakLoad: Math.max(...load),
      stressPerParticipant: recording.stressPerParticipant,
      dollarsPerBridgeHour: input.price.dollarsPerBridgeHour,
      egress,
      controllers: controllersOf(input, result, egress),
      notes: [...notesOf(input, cut, result), egressNote(egress), ...input.notes],
    },
    curves: {
      startAt: cut.scoredFrom,
      load,
      bridges: result.runners.map(({ bridges }) => bridges),
    },
  };
}

function checkLength({ load, ran }: Recording, { scoredFrom, scoredSeconds }: Cut): void {
  if (scoredSeconds < shortestSeconds)
    throw new WrongInput('less than two hours are recorded, which is too little to replay');
  const tolerated = scoredSeconds / 20;
  const begin = scoredFrom + tolerated;
  const end = scoredFrom + scoredSeconds - tolerated;
  if (ran !== undefined && (ran.startAt > begin || endOfSeries(ran) < end))
    throw new WrongInput(
      `the scored time is ${isoOf(scoredFrom)} to ${isoOf(scoredFrom + scoredSeconds)}; --actual must cover it`,
    );
  if (!load.values.some((value) => value > 0))
    throw new WrongInput('the recorded load is always zero; there is nothing to replay');
}

function runnersOf({ recording, fleet, changed }: SimulationInput): readonly Runner[] {
  return [
    ...(recording.ran === undefined ? [] : [{ kind: 'recorded' } as const]),
    { kind: 'static' },
    { kind: 'policy', name: 'current', policy: fleet.policy },
    ...(changed === undefined
      ? []
      : [{ kind: 'policy', name: 'changed', policy: changed.policy } as const]),
  ];
}

function controllersOf(
  input: SimulationInput,
  { runners }: Replay,
  egress: Egress,
): readonly ControllerReport[] {
  const titles: Readonly<Record<string, string>> = {
    recorded: 'what really ran',
    static: 'as many as the peak needs, always',
    current: `the policy of ${input.configFile}`,
    changed: input.changed?.title ?? '',
  };
  const reference = runners[0]?.bridgeHours ?? NaN;
  return runners.map(({ name, bridgeHours, overloadShare, overloadShareAt1, ...figures }) => ({
    name,
    title: titles[name] ?? name,
    bridgeHours,
    dollars: bridgeHours * input.price.dollarsPerBridgeHour,
    dollarsWithEgress: bridgeHours * input.price.dollarsPerBridgeHour + egress.dollars,
    bridgeHoursDifference: bridgeHours / reference - 1,
    overloadShare,
    overloadShareAt1,
    launches: figures.launches,
    forcedDisconnects: figures.forcedDisconnects,
    timeToCapacityP95Seconds: figures.timeToCapacityP95Seconds,
    mostBridges: figures.mostBridges,
    intervals: figures.intervals,
  }));
}

function notesOf(input: SimulationInput, cut: Cut, result: Replay): readonly string[] {
  const { recording, fleet, seeds, price } = input;
  const { load } = recording;
  const days = (seconds: number) => (seconds / daySeconds).toFixed(1);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const weights = new Set(fleet.instanceTypes.map(({ weight }) => weight));
  return [
    `Meetings are simulated (${seeds} ${seeds === 1 ? 'run' : 'runs'}) so that the participants follow the recorded load; they differ from it by ${percent(result.deviationShare)} on average. Overload is therefore an estimate.`,
    ...(recording.ran === undefined
      ? []
      : [
          'What really ran: hours are from the recording, launches are the increases of the number of bridges, overload is simulated with the recorded number of bridges.',
        ]),
    ...(cut.historySeconds >= learningSeconds
      ? []
      : [
          `Only ${days(cut.historySeconds)} days before the scored ones are recorded: the policy starts cold and will do better with more history.`,
        ]),
    ...(load.gaps.length === 0 ? [] : [`${gapsText(load.gaps)} They are interpolated.`]),
    ...(recordedShare(recording) < 0.9
      ? [`Only ${percent(recordedShare(recording))} of the time is recorded.`]
      : []),
    ...(load.stepSeconds > 2 * historyBinSeconds
      ? [
          `One value per ${Math.round(load.stepSeconds / 60)} minutes does not show the rush at full and half hours; the rush of ordinary meetings is added.`,
        ]
      : []),
    ...(fleet.generation === 'component'
      ? [
          'Generation component: a meeting stays on its bridge, so a large one overloads it, whatever the size of the fleet.',
        ]
      : []),
    `The median boot takes ${input.bootMedianSeconds} s until the first report.`,
    `A bridge-hour costs $${price.dollarsPerBridgeHour}: ${price.source}.`,
    ...(weights.size > 1 ? ['All simulated bridges have weight 1.'] : []),
  ];
}

function egressNote({ gigabytes, dollars, mbitPerParticipant, source }: Egress): string {
  return `Egress: ${Math.round(gigabytes)} GB, $${dollars.toFixed(2)} (${egressSource}), whatever the policy. ${mbitPerParticipant} Mbit/s go to each participant: ${source}; set --mbit-per-participant to what your bridges send.`;
}

function recordedShare({ load }: Recording): number {
  const missing = load.gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  return 1 - missing / (load.values.length * historyBinSeconds);
}

function gapsText(gaps: readonly { readonly from: number; readonly to: number }[]): string {
  const [longest] = [...gaps].sort((a, b) => b.to - b.from - (a.to - a.from));
  if (longest === undefined) return '';
  const hours = ((longest.to - longest.from) / 3600).toFixed(1);
  const many = gaps.length === 1 ? 'There is a gap' : `There are ${gaps.length} gaps, the longest`;
  return `${many} of ${hours} h from ${isoOf(longest.from)}.`;
}

function isoOf(at: number): string {
  return new Date(at * 1000).toISOString().replace(/:00\.000Z$/, 'Z');
}
