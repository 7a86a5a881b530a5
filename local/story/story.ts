import type { Reply } from '../../lambdas/core/protocol/reply';
import type { BridgePicture, Picture } from '../view/picture';
import { changesBetween, hasConference, type TimelineEntry } from './timeline';

/** What a story needs of the running system. */
export interface StoryCloud {
  readonly minBridges: number;
  look(): Promise<Picture>;
  /** People to be in calls from now on. */
  setLoad(participants: number): void;
  /** One Lambda invoke of the scaler. */
  invoke(event: Readonly<Record<string, unknown>>): Promise<Reply>;
  /**
   * Called at every look: tests trigger ticks here; with deployed schedules there is nothing to
   * do.
   */
  nudge(): Promise<void>;
  /** What EC2, SSM and Prosody hold for bridges other than these instances. */
  leftBehind(instanceIds: readonly string[]): Promise<readonly string[]>;
  pause(milliseconds: number): Promise<void>;
  nowSeconds(): number;
}

export interface StoryResult {
  readonly ok: boolean;
  /** Which chapter did not reach its end, and what it waited for; absent when ok. */
  readonly failure?: string;
  readonly forcedDisconnects: number;
  readonly prosodySessionsDropped: number;
  /**
   * From the first look at a bridge at 0.8 or more to the first conference on a bridge launched
   * for it; null if never.
   */
  readonly secondsFromOverloadToFirstConference: number | null;
  readonly launched: number;
  readonly retired: number;
  readonly leftBehind: readonly string[];
  readonly seconds: number;
  readonly timeline: readonly TimelineEntry[];
}

/** Jicofo calls a bridge overloaded from this stress on. */
const overloadStress = 0.8;
const lookMilliseconds = 1000;
/** The size that the operator asks for. */
const manualSize = 3;
/** Two bridges, Server A's own and the fleet's first, are overloaded by this; three are not. */
const risenLoad = 180;
const quietLoad = 10;

class ChapterFailed extends Error {
  override readonly name = 'ChapterFailed';
}

export interface StoryPace {
  /** After so long the story fails, naming what it was waiting for. */
  readonly deadlineSeconds: number;
  /** How long the manual scale holds: long enough to boot, short enough for a story. */
  readonly manualHoldSeconds: number;
  /** Where drains are reversible the story undrains one bridge. @default 'forGood' */
  readonly drain?: 'forGood' | 'reversible';
  /** A short story has neither the manual scale nor the wait for retirements. @default 'whole' */
  readonly length?: 'whole' | 'short';
}

/**
 * Plays the fixed scenario: low load, overload, automatic scale-out, manual scaling, low load,
 * drain, retirement.
 *
 * @param tell called with each entry of the time line as it happens
 */
export async function playStory(
  cloud: StoryCloud,
  { deadlineSeconds, manualHoldSeconds, drain = 'forGood', length = 'whole' }: StoryPace,
  tell: (entry: TimelineEntry) => void = () => undefined,
): Promise<StoryResult> {
  const start = cloud.nowSeconds();
  const second = (): number => Math.round(cloud.nowSeconds() - start);
  const timeline: TimelineEntry[] = [];
  let picture: Picture | undefined;

  const record = (entry: Omit<TimelineEntry, 'second'>): void => {
    const stamped = { second: second(), ...entry };
    timeline.push(stamped);
    tell(stamped);
  };
  const secondOf = (event: string, bridges?: ReadonlySet<string>): number | undefined =>
    timeline.find((entry) => entry.event === event && (bridges?.has(entry.bridge ?? '') ?? true))
      ?.second;
  const lookUntil = async (goal: string, reached: (now: Picture) => boolean): Promise<Picture> => {
    for (;;) {
      const now = await cloud.look();
      changesBetween(picture, now).forEach(record);
      picture = now;
      if (isOverloaded(now) && secondOf('overload') === undefined) record({ event: 'overload' });
      if (reached(now)) return now;
      if (second() > deadlineSeconds) throw new ChapterFailed(`not reached in time: ${goal}`);
      await cloud.nudge();
      await cloud.pause(lookMilliseconds);
    }
  };
  const chapter = async (
    title: string,
    reached: (now: Picture) => boolean,
    act: () => void | Promise<void>,
  ): Promise<Picture> => {
    record({ event: 'chapter', detail: title });
    await act();
    return lookUntil(title, reached);
  };

  const launched = new Set<string>();
  let failure: string | undefined;
  let leftBehind: readonly string[] = [];
  try {
    const quiet = await chapter(
      `low load: ${cloud.minBridges} bridge active with a small call`,
      (now) => inPhase(now, 'active').length >= cloud.minBridges && now.participantCount > 0,
      () => cloud.setLoad(quietLoad),
    );
    const first = new Set(fleetOf(quiet).map(({ name }) => name));
    const newcomers = (now: Picture): readonly BridgePicture[] =>
      inPhase(now, 'active').filter(({ name }) => !first.has(name));

    await chapter('load rises until bridges are overloaded', isOverloaded, () =>
      cloud.setLoad(risenLoad),
    );
    await chapter(
      'automatic scale-out: a new bridge registers itself and takes a conference',
      (now) => newcomers(now).some(hasConference),
      () => undefined,
    );
    if (length === 'whole') {
      await chapter(
        `manual scale by Lambda invoke: ${manualSize} bridges`,
        (now) => inPhase(now, 'active').length >= manualSize,
        async () => {
          const { actions } = await order(cloud, {
            action: 'scale',
            to: manualSize,
            for: manualHoldSeconds,
          });
          record({ event: 'manual-scale', detail: actions.map(({ text }) => text).join('; ') });
        },
      );
    }
    const falling = await chapter(
      'load falls: surplus bridges drain',
      (now) => inPhase(now, 'draining').length > 0,
      () => cloud.setLoad(0),
    );
    const [drained] = inPhase(falling, 'draining');
    if (drain === 'reversible' && drained !== undefined) {
      await chapter(
        `undrain by Lambda invoke: ${drained.name} takes conferences again`,
        (now) => inPhase(now, 'active').some(({ name }) => name === drained.name),
        async () => {
          await order(cloud, { action: 'undrain', bridge: drained.instanceId });
          record({ event: 'manual-undrain', bridge: drained.name });
        },
      );
    }
    if (length === 'whole') {
      await chapter(
        `drained bridges retire: back to ${cloud.minBridges}`,
        (now) =>
          inPhase(now, 'active').length === cloud.minBridges &&
          fleetOf(now).every(({ phase }) => phase === 'active' || phase === 'gone'),
        () => undefined,
      );
      record({ event: 'chapter', detail: 'nothing is left behind' });
      const end = await lookUntil('nothing is left behind', () => true);
      const kept = inPhase(end, 'active').flatMap(({ instanceId }) => instanceId ?? []);
      leftBehind = await cloud.leftBehind(kept);
      while (leftBehind.length > 0 && second() <= deadlineSeconds) {
        await cloud.nudge();
        await cloud.pause(lookMilliseconds);
        leftBehind = await cloud.leftBehind(kept);
      }
    }
  } catch (error) {
    if (!(error instanceof ChapterFailed)) throw error;
    failure = error.message;
    record({ event: 'failed', detail: error.message });
  }

  for (const { event, bridge } of timeline) {
    if (event === 'booting' && bridge !== undefined) launched.add(bridge);
  }
  const gone = new Set(
    timeline.filter(({ event }) => event === 'gone').map(({ bridge }) => bridge),
  );
  const overloadAt = secondOf('overload');
  const relieved = timeline.find(
    ({ event, bridge, second: at }) =>
      event === 'first-conference' &&
      overloadAt !== undefined &&
      at >= overloadAt &&
      launched.has(bridge ?? ''),
  )?.second;
  const forcedDisconnects = picture?.forcedDisconnects ?? 0;
  const prosodySessionsDropped = picture?.prosodySessionsDropped ?? 0;
  return {
    ok:
      failure === undefined &&
      leftBehind.length === 0 &&
      forcedDisconnects === 0 &&
      prosodySessionsDropped === 0,
    ...(failure === undefined ? {} : { failure }),
    forcedDisconnects,
    prosodySessionsDropped,
    secondsFromOverloadToFirstConference:
      overloadAt === undefined || relieved === undefined ? null : relieved - overloadAt,
    launched: launched.size,
    retired: [...launched].filter((name) => gone.has(name)).length,
    leftBehind,
    seconds: second(),
    timeline,
  };
}

/** An operator's command that has to be carried out. */
async function order(
  cloud: StoryCloud,
  event: { readonly action: string } & Readonly<Record<string, unknown>>,
): Promise<Extract<Reply, { ok: true }>> {
  const reply = await cloud.invoke(event);
  if (!reply.ok) throw new ChapterFailed(`${event.action} was rejected: ${reply.error.message}`);
  return reply;
}

function fleetOf(picture: Picture): readonly BridgePicture[] {
  return picture.bridges.filter(({ phase }) => phase !== 'default');
}

function inPhase(picture: Picture, phase: BridgePicture['phase']): readonly BridgePicture[] {
  return fleetOf(picture).filter((bridge) => bridge.phase === phase);
}

/** A bridge that just started may report 1.1 while it is idle. */
function isOverloaded(picture: Picture): boolean {
  return picture.bridges.some(
    (bridge) => hasConference(bridge) && (bridge.stressRatio ?? 0) >= overloadStress,
  );
}
