import { wholeNumber } from './random';

export interface Meeting {
  readonly room: string;
  readonly participants: readonly string[];
  /** How many it is to have. */
  readonly size: number;
  /** When it is over, milliseconds. */
  readonly endsAt: number;
}

export type MeetingStep =
  | { readonly kind: 'start'; readonly meeting: Meeting }
  | { readonly kind: 'join'; readonly room: string; readonly participants: readonly string[] }
  | { readonly kind: 'leave'; readonly room: string; readonly participants: readonly string[] }
  | { readonly kind: 'end'; readonly room: string };

export interface MeetingShape {
  /** Participants of a conference. @default 4 to 12 */
  readonly size: { readonly min: number; readonly max: number };
  /** How long conferences last. */
  readonly seconds: { readonly min: number; readonly max: number };
  /** Most people that join, and most that leave, in one step. */
  readonly changesPerStep: number;
}

/** Everything one step depends on besides the meetings themselves. */
export interface PlanContext {
  readonly target: number;
  readonly nowMilliseconds: number;
  readonly random: () => number;
  /** A name that was never used. */
  readonly newName: (kind: 'room' | 'guest') => string;
}

/**
 * One step towards the target: meetings whose time is up end; then people join meetings that are
 * not full and new meetings, or leave the ones that end soonest, so that meetings end rather than
 * thin out.
 */
export function planMeetings(
  meetings: readonly Meeting[],
  shape: MeetingShape,
  context: PlanContext,
): MeetingStep[] {
  const over = meetings.filter(({ endsAt }) => endsAt <= context.nowMilliseconds);
  const running = meetings.filter(({ endsAt }) => endsAt > context.nowMilliseconds);
  const ends = over.map(({ room }): MeetingStep => ({ kind: 'end', room }));
  const missing = context.target - participantsOf(running);
  const changes =
    missing > 0
      ? planArrivals(running, Math.min(missing, shape.changesPerStep), shape, context)
      : planDepartures(running, Math.min(-missing, shape.changesPerStep));
  return [...ends, ...changes];
}

export function participantsOf(meetings: readonly Meeting[]): number {
  return meetings.reduce((sum, { participants }) => sum + participants.length, 0);
}

function planArrivals(
  running: readonly Meeting[],
  count: number,
  shape: MeetingShape,
  { nowMilliseconds, random, newName }: PlanContext,
): MeetingStep[] {
  const guests = Array.from({ length: count }, () => newName('guest'));
  const steps: MeetingStep[] = [];
  for (const { room, size, participants } of running) {
    const joining = guests.splice(0, size - participants.length);
    if (joining.length > 0) steps.push({ kind: 'join', room, participants: joining });
  }
  while (guests.length > 0) {
    const size = wholeNumber(random, shape.size.min, shape.size.max);
    const seconds = wholeNumber(random, shape.seconds.min, shape.seconds.max);
    const meeting = {
      room: newName('room'),
      participants: guests.splice(0, size),
      size,
      endsAt: nowMilliseconds + seconds * 1000,
    };
    steps.push({ kind: 'start', meeting });
  }
  return steps;
}

function planDepartures(running: readonly Meeting[], count: number): MeetingStep[] {
  const steps: MeetingStep[] = [];
  let left = count;
  for (const { room, participants } of [...running].sort((a, b) => a.endsAt - b.endsAt)) {
    if (left === 0) break;
    const leaving = participants.slice(0, left);
    left -= leaving.length;
    steps.push(
      leaving.length === participants.length
        ? { kind: 'end', room }
        : { kind: 'leave', room, participants: leaving },
    );
  }
  return steps;
}
