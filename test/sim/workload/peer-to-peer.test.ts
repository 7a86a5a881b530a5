import { withoutPeerToPeer } from '../../../sim/workload/peer-to-peer';
import { SessionList } from '../../../sim/workload/sessions';
import type { Stay } from '../worlds';

function cut(stays: readonly Stay[]): readonly Stay[] {
  const sessions = new SessionList();
  for (const stay of stays) sessions.add(...stay);
  const into = new SessionList();
  withoutPeerToPeer(sessions, into);
  return Array.from({ length: into.length }, (_, index): Stay => [
    into.conferenceOf(index),
    into.joinAt(index),
    into.leaveAt(index),
  ]).sort((a, b) => a[1] - b[1] || a[2] - b[2]);
}

test('one alone is on a bridge until the second comes, then neither is', () => {
  expect(
    cut([
      [1, 0, 100],
      [1, 10, 100],
    ]),
  ).toEqual([[1, 0, 10]]);
});

test('with the third all three are on bridges, until one leaves', () => {
  expect(
    cut([
      [1, 0, 100],
      [1, 0, 100],
      [1, 50, 80],
    ]),
  ).toEqual([
    [1, 50, 80],
    [1, 50, 80],
    [1, 50, 80],
  ]);
});

test('conferences do not mix', () => {
  expect(
    cut([
      [1, 0, 100],
      [2, 0, 100],
    ]),
  ).toEqual([
    [1, 0, 100],
    [2, 0, 100],
  ]);
});
