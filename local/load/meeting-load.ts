import type { FocusClient } from './focus-client';
import {
  participantsOf,
  planMeetings,
  type Meeting,
  type MeetingShape,
  type MeetingStep,
} from './meeting-plan';
import { seededRandom } from './random';

export interface MeetingLoadOptions {
  readonly focus: FocusClient;
  /** @default 1 */
  readonly seed?: number;
  /** @default 4 to 12 people, 2 to 10 minutes, 20 changes a step */
  readonly shape?: MeetingShape;
  /** @default 1 */
  readonly stepSeconds?: number;
  /** @default nothing is logged */
  readonly log?: (line: string) => void;
}

export interface MeetingMetrics {
  readonly target: number;
  /** People in meetings that bridges took. */
  readonly participants: number;
  readonly conferences: number;
  /** Joins and new conferences that no bridge took; they are tried again. */
  readonly refused: number;
  /**
   * People who lost their bridge under them, as the focus counted; undefined while it cannot be
   * asked.
   */
  readonly forcedDisconnects: number | undefined;
}

const defaultShape: MeetingShape = {
  size: { min: 4, max: 12 },
  seconds: { min: 120, max: 600 },
  changesPerStep: 20,
};

/**
 * Holds as many people in meetings as it is told to; meetings start, grow, shrink and end as in an
 * office.
 */
export class MeetingLoad {
  private readonly focus: FocusClient;
  private readonly shape: MeetingShape;
  private readonly random: () => number;
  private meetings: readonly Meeting[] = [];
  private target = 0;
  private refused = 0;
  private names = 0;
  private isRunning = false;
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();

  constructor(private readonly options: MeetingLoadOptions) {
    this.focus = options.focus;
    this.shape = options.shape ?? defaultShape;
    this.random = seededRandom(options.seed ?? 1);
  }

  /** Takes effect step by step. Throws unless it is a whole number of at least 0. */
  setTarget(participants: number): void {
    if (!Number.isInteger(participants) || participants < 0) {
      throw new RangeError(`participants: ${participants}`);
    }
    this.target = participants;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.schedule();
  }

  /** Stops changing things; the meetings go on. {@link endAll} ends them. */
  async stop(): Promise<void> {
    this.isRunning = false;
    clearTimeout(this.timer);
    await this.current;
  }

  async endAll(): Promise<void> {
    await this.stop();
    await this.carryOut(this.meetings.map(({ room }) => ({ kind: 'end', room })));
  }

  /** One step now; {@link start} does one every `stepSeconds`. */
  async step(): Promise<void> {
    const steps = planMeetings(this.meetings, this.shape, {
      target: this.target,
      nowMilliseconds: Date.now(),
      random: this.random,
      newName: (kind) => {
        this.names += 1;
        return `${kind}-${this.names}`;
      },
    });
    await this.carryOut(steps);
  }

  async metrics(): Promise<MeetingMetrics> {
    const stats = await this.focus.stats().catch(() => undefined);
    return {
      target: this.target,
      participants: participantsOf(this.meetings),
      conferences: this.meetings.length,
      refused: this.refused,
      forcedDisconnects: stats?.forcedDisconnects,
    };
  }

  private schedule(): void {
    if (!this.isRunning) return;
    this.timer = setTimeout(
      () => {
        this.current = this.step()
          .catch((error: unknown) => this.report(error))
          .finally(() => this.schedule());
      },
      (this.options.stepSeconds ?? 1) * 1000,
    );
  }

  private async carryOut(steps: readonly MeetingStep[]): Promise<void> {
    for (const step of steps) await this.perform(step);
  }

  private async perform(step: MeetingStep): Promise<void> {
    switch (step.kind) {
      case 'start': {
        const { meeting } = step;
        const isTaken = await this.focus.start(meeting.room, meeting.participants);
        if (isTaken) this.meetings = [...this.meetings, meeting];
        else this.refused += 1;
        return;
      }
      case 'join': {
        const isTaken = await this.focus.join(step.room, step.participants);
        if (!isTaken) this.refused += 1;
        else this.change(step.room, (people) => [...people, ...step.participants]);
        return;
      }
      case 'leave':
        await this.focus.leave(step.room, step.participants);
        this.change(step.room, (people) =>
          people.filter((person) => !step.participants.includes(person)),
        );
        return;
      case 'end':
        await this.focus.end(step.room);
        this.meetings = this.meetings.filter(({ room }) => room !== step.room);
    }
  }

  private change(room: string, edit: (people: readonly string[]) => readonly string[]): void {
    this.meetings = this.meetings.map((meeting) =>
      meeting.room === room ? { ...meeting, participants: edit(meeting.participants) } : meeting,
    );
  }

  private report(error: unknown): void {
    this.options.log?.(`meetings: ${error instanceof Error ? error.message : 'unknown error'}`);
  }
}
