import type { FiguresAsked, FiguresByInstance } from '../../../lambdas/adapters/aws/metrics';
import { runScaler } from '../../../lambdas/scaler/scaler';
import type { ScalerEnv } from '../../../lambdas/scaler/env';
import { FakeWorld, start } from './fake-world';

/** How the two schedules and CloudWatch lie to each other; all in seconds. */
export interface Phases {
  /** Second of its minute in which the Scheduler starts the collector, and the scaler. */
  readonly collector: number;
  readonly scaler: number;
  /** From PutMetricData until the data can be read. */
  readonly delay: number;
  /** How long the collector listens. */
  readonly window: number;
}

interface Publication {
  readonly at: number;
  readonly minute: number;
  readonly heardFrom: number;
}

interface Decided {
  readonly trigger: unknown;
  readonly at: number;
  /** Since the newest data that it could read was published. */
  readonly trueAgeSeconds: number;
  readonly isHeld: boolean;
}

/**
 * Some minutes of a fleet with more bridges than it needs, second by second: collector and scaler
 * start at their phases, one execution of the scaler at a time, events of it in the order in which
 * they came.
 * @param word whether Lambda hands the collector's success on to the scaler
 */
export async function playMinutes(
  phases: Phases,
  env: ScalerEnv,
  minutes: number,
  word: 'told' | 'lost' = 'told',
): Promise<{ readonly decisions: readonly Decided[]; readonly skipped: number }> {
  const world = new FakeWorld();
  const ids = [1, 2, 3, 4].map((index) => world.addBridge(index));
  const publications = Array.from({ length: minutes }, (_, index): Publication => {
    const heardFrom = start + 60 * index + phases.collector;
    const at = heardFrom + phases.window;
    return { at, heardFrom, minute: Math.floor(at / 60) * 60 };
  });
  const readable = () =>
    publications.filter(({ at }) => at + phases.delay <= world.now).map(({ minute }) => minute);
  const ports = world.ports();
  const eachMinute = (value: number) => new Map(readable().map((minute) => [minute, value]));
  const figuresOf = (asked: FiguresAsked): FiguresByInstance =>
    new Map(
      ids.map((id) => [
        id,
        {
          ...(asked.stress.includes(id) ? { stress: eachMinute(0.01) } : {}),
          ...(asked.calls.includes(id)
            ? { participants: eachMinute(1), conferences: eachMinute(1) }
            : {}),
          ...(asked.draining.includes(id) ? { draining: new Map<number, number>() } : {}),
        },
      ]),
    );
  const metrics: typeof ports.metrics = {
    ...ports.metrics,
    heartbeats: (since) => Promise.resolve(readable().filter((at) => at >= since)),
    hear: (asked, since) =>
      Promise.resolve({
        heartbeats: readable().filter((at) => at >= since),
        drainsReported: 0,
        figures: figuresOf(asked),
      }),
    figures: (asked) => Promise.resolve(figuresOf(asked)),
  };
  const events = [
    ...publications.map((published) => ({
      at: published.at,
      event: word === 'told' ? successOf(published) : undefined,
    })),
    ...publications.map((_, index) => ({
      at: start + 60 * index + phases.scaler,
      event: { trigger: 'schedule' },
    })),
  ].sort((a, b) => a.at - b.at);
  let skipped = 0;
  for (const { at, event } of events) {
    world.now = Math.max(world.now, at);
    if (event === undefined) continue;
    const reply = await runScaler({ ...ports, metrics }, env, event);
    if ('skipped' in reply) skipped += 1;
  }
  const decisions = world.logged.flatMap(({ message, fields }) =>
    message === 'decision' ? [decidedOf(fields, publications, phases.delay)] : [],
  );
  return { decisions, skipped };
}

function successOf({ minute, heardFrom }: Publication) {
  return {
    requestContext: { condition: 'Success' },
    responsePayload: { result: 'published', bridges: 4, minute, heardFrom },
  };
}

function decidedOf(
  fields: Readonly<Record<string, unknown>>,
  publications: readonly Publication[],
  delay: number,
): Decided {
  const at = Date.parse(String(fields['time'])) / 1000;
  const seen = publications.filter((published) => published.at + delay <= at);
  return {
    trigger: fields['trigger'],
    at,
    trueAgeSeconds: at - (seen.at(-1)?.at ?? -Infinity),
    isHeld: JSON.stringify(fields['reasons']).includes('ScaleInHold'),
  };
}
