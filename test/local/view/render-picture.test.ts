import type { Picture } from '../../../local/view/picture';
import { curve, renderPicture } from '../../../local/view/render-picture';

const picture: Picture = {
  at: new Date('2026-01-01T10:20:30Z'),
  bridges: [
    {
      name: 'jvb-0abc',
      phase: 'active',
      ageSeconds: 75,
      stressRatio: 0.5,
      participantCount: 50,
      conferenceCount: 6,
    },
    { name: 'jvb-0def', phase: 'booting', ageSeconds: 5 },
  ],
  decisions: [
    {
      at: '2026-01-01T10:20:00Z',
      trigger: 'schedule',
      actions: ['launch 1'],
      reasons: ['load 0.9 needs 2'],
    },
    { at: '2026-01-01T10:21:00Z', trigger: 'schedule', actions: [], reasons: ['enough'] },
  ],
  wantedParticipants: 50,
  participantCount: 48,
  conferenceCount: 6,
  forcedDisconnects: 0,
  prosodySessionsDropped: 0,
};

test('a bridge shows phase, stress and people, and a dash for what is not known yet', () => {
  const text = renderPicture(picture, [1, 2, 3], { columns: 100, colour: false }).join('\n');
  expect(text).toMatch(/jvb-0abc +active +█{10}·{10} 0\.50 +50 +6 +1m15s/);
  expect(text).toMatch(/jvb-0def +booting +– +– +– +5s/);
});

test('a decision shows what was done and why; doing nothing has its reason too', () => {
  const text = renderPicture(picture, [], { columns: 100, colour: false }).join('\n');
  expect(text).toMatch(/10:20:00 schedule +launch 1\n +load 0\.9 needs 2/);
  expect(text).toContain('nothing to do: enough');
});

test('a reason that an action tells is not told again', () => {
  const decisions = [
    {
      at: '2026-01-01T10:20:00Z',
      trigger: 'x',
      actions: ['launch 1 (enough)'],
      reasons: ['enough'],
    },
  ];
  const text = renderPicture({ ...picture, decisions }, [], { columns: 100, colour: false });
  expect(text.join('\n').match(/enough/g)).toHaveLength(1);
});

test('no line is wider than the terminal, and without colour there is no escape sequence', () => {
  const lines = renderPicture(
    {
      ...picture,
      decisions: [
        { at: '2026-01-01T10:20:00Z', trigger: 'x', actions: ['y'.repeat(300)], reasons: [] },
      ],
    },
    [],
    { columns: 90, colour: false },
  );
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(90);
  expect(lines.join('')).not.toContain('\u001b');
});

test('the curve is scaled to its maximum', () => {
  expect(curve([0, 5, 10], 10)).toBe('▁▄█');
});
