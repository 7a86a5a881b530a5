import {
  participantsOf,
  planMeetings,
  type Meeting,
  type MeetingShape,
  type MeetingStep,
} from '../../../local/load/meeting-plan';
import { seededRandom } from '../../../local/load/random';

const shape: MeetingShape = {
  size: { min: 4, max: 12 },
  seconds: { min: 60, max: 120 },
  changesPerStep: 20,
};

function apply(meetings: readonly Meeting[], step: MeetingStep): readonly Meeting[] {
  const edit = (room: string, change: (people: readonly string[]) => readonly string[]) =>
    meetings.map((meeting) =>
      meeting.room === room ? { ...meeting, participants: change(meeting.participants) } : meeting,
    );
  switch (step.kind) {
    case 'start':
      return [...meetings, step.meeting];
    case 'join':
      return edit(step.room, (people) => [...people, ...step.participants]);
    case 'leave':
      return edit(step.room, (people) =>
        people.filter((name) => !step.participants.includes(name)),
      );
    case 'end':
      return meetings.filter(({ room }) => room !== step.room);
  }
}

/** Meetings second by second while the target follows `targets`. */
function run(targets: readonly number[], seed = 1): (readonly Meeting[])[] {
  const random = seededRandom(seed);
  let names = 0;
  let meetings: readonly Meeting[] = [];
  return targets.map((target, second) => {
    const context = {
      target,
      nowMilliseconds: second * 1000,
      random,
      newName: (kind: string) => `${kind}-${(names += 1)}`,
    };
    meetings = planMeetings(meetings, shape, context).reduce(apply, meetings);
    return meetings;
  });
}

test('participants join and leave gradually until the target is reached', () => {
  const rising = run(new Array<number>(5).fill(70)).map(participantsOf);
  expect(rising).toEqual([20, 40, 60, 70, 70]);
  const falling = run([...new Array<number>(4).fill(70), 5, 5, 5, 5]).map(participantsOf);
  expect(falling.slice(4)).toEqual([50, 30, 10, 5]);
});

test('conferences have 4 to 12 places and nobody is in two', () => {
  for (const meetings of run(new Array<number>(300).fill(100))) {
    expect(meetings.every(({ size }) => size >= 4 && size <= 12)).toBe(true);
    expect(meetings.every(({ size, participants }) => participants.length <= size)).toBe(true);
    const people = meetings.flatMap(({ participants }) => participants);
    expect(new Set(people).size).toBe(people.length);
  }
});

test('meetings end and others begin while the target stays', () => {
  const history = run(new Array<number>(300).fill(100));
  const first = new Set(history[10]?.map(({ room }) => room));
  const last = history.at(-1) ?? [];
  expect(last.length).toBeGreaterThan(0);
  expect(last.some(({ room }) => first.has(room))).toBe(false);
  expect(participantsOf(last)).toBeGreaterThan(60);
});

test('the same seed gives the same meetings', () => {
  expect(run([50, 50, 50], 7)).toEqual(run([50, 50, 50], 7));
  expect(run([50, 50, 50], 7)).not.toEqual(run([50, 50, 50], 8));
});
