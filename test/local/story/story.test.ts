import type { Reply } from '../../../lambdas/core/protocol/reply';
import { playStory, type StoryCloud } from '../../../local/story/story';
import type { BridgePicture, Picture } from '../../../local/view/picture';

/**
 * A fleet in ten lines: it follows the load at once, one look per phase; `broken` parts of it do
 * not.
 */
class ToyStage implements StoryCloud {
  readonly minBridges = 1;
  left: readonly string[] = [];
  forcedDisconnects = 0;
  followsLoad = true;
  coldStress = 0;
  #clock = 0;
  #load = 0;
  #held = 0;
  #bridges: BridgePicture[] = [];
  #made = 0;
  /** Taken back out of its drain, until the next look. */
  #undrained = '';

  nowSeconds(): number {
    return this.#clock;
  }

  pause(): Promise<void> {
    this.#clock += 1;
    return Promise.resolve();
  }

  setLoad(participants: number): void {
    this.#load = participants;
  }

  invoke(event: Readonly<Record<string, unknown>>): Promise<Reply> {
    if (event['action'] === 'undrain') this.#undrained = String(event['bridge']);
    else this.#held = Number(event['to']);
    const counts = { wanted: 0, booting: 0, active: 0, draining: 0 };
    return Promise.resolve({ ok: true, before: counts, after: counts, actions: [], reasons: [] });
  }

  nudge(): Promise<void> {
    if (this.#load === 0) this.#held = 0;
    const wanted = Math.max(this.#held, this.followsLoad ? Math.ceil((this.#load + 1) / 100) : 1);
    this.#bridges = this.#bridges.flatMap((bridge, index): BridgePicture[] => {
      if (bridge.phase === 'draining' && bridge.instanceId === this.#undrained) {
        this.#undrained = '';
        return [{ ...bridge, phase: 'active' }];
      }
      if (bridge.phase === 'draining') return [];
      if (index >= wanted) return [{ ...bridge, phase: 'draining', conferenceCount: 0 }];
      return [{ ...bridge, phase: 'active', conferenceCount: 1, stressRatio: this.#load / 100 }];
    });
    while (this.#bridges.length < wanted) {
      const name = `jvb-${(this.#made += 1)}`;
      this.#bridges.push({
        instanceId: `i-${this.#made}`,
        name,
        phase: 'booting',
        ageSeconds: 0,
        stressRatio: this.coldStress,
      });
    }
    return Promise.resolve();
  }

  look(): Promise<Picture> {
    return Promise.resolve({
      at: new Date(this.#clock * 1000),
      bridges: this.#bridges,
      decisions: [],
      wantedParticipants: this.#load,
      participantCount: this.#load,
      conferenceCount: 1,
      forcedDisconnects: this.forcedDisconnects,
      prosodySessionsDropped: 0,
    });
  }

  leftBehind(): Promise<readonly string[]> {
    return Promise.resolve(this.left);
  }
}

const pace = (deadlineSeconds: number) => ({ deadlineSeconds, manualHoldSeconds: 5 });

test('a fleet that follows the load plays the story to its end', async () => {
  const result = await playStory(new ToyStage(), pace(100));
  expect(result).toMatchObject({
    ok: true,
    forcedDisconnects: 0,
    launched: 3,
    retired: 2,
    leftBehind: [],
  });
  expect(result.secondsFromOverloadToFirstConference).toBeGreaterThanOrEqual(1);
  const chapters = result.timeline.filter(({ event }) => event === 'chapter');
  expect(chapters).toHaveLength(7);
});

test('where drains are reversible the story undrains a bridge, and a short story ends there', async () => {
  const reversible = { ...pace(100), drain: 'reversible' } as const;
  const whole = await playStory(new ToyStage(), reversible);
  expect(whole).toMatchObject({ ok: true, launched: 3, retired: 2 });
  expect(whole.timeline.filter(({ event }) => event === 'manual-undrain')).toHaveLength(1);

  const short = await playStory(new ToyStage(), { ...reversible, length: 'short' });
  expect(short).toMatchObject({ ok: true, launched: 2, retired: 0 });
  const events = short.timeline.map(({ event }) => event);
  expect(events.slice(-2)).toEqual(['manual-undrain', 'active']);
  expect(events).not.toContain('manual-scale');
});

test('a stress of more than 1 on a bridge without conferences is no overload', async () => {
  const stage = new ToyStage();
  stage.coldStress = 1.1;
  const { timeline } = await playStory(stage, pace(100));
  const overload = timeline.findIndex(({ event }) => event === 'overload');
  const risen = timeline.findIndex(({ detail }) => detail?.startsWith('load rises') === true);
  expect(overload).toBeGreaterThan(risen);
});

test('a fleet that does not grow fails, and the story says what it waited for', async () => {
  const stage = new ToyStage();
  stage.followsLoad = false;
  const result = await playStory(stage, pace(50));
  expect(result.ok).toBe(false);
  expect(result.failure).toContain('automatic scale-out');
  expect(result.secondsFromOverloadToFirstConference).toBeNull();
});

test('a secret left behind fails the story', async () => {
  const stage = new ToyStage();
  stage.left = ['ssm /jitsi-bridges/local/bridges/i-1/secret'];
  const result = await playStory(stage, pace(60));
  expect(result).toMatchObject({ ok: false, leftBehind: stage.left });
});

test('a call that was cut off fails the story', async () => {
  const stage = new ToyStage();
  stage.forcedDisconnects = 2;
  expect(await playStory(stage, pace(100))).toMatchObject({ ok: false, forcedDisconnects: 2 });
});
