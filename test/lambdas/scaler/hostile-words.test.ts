import fc from 'fast-check';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

/** What a stolen bridge says is an attacker's text: it reaches operators, and memory. */
const env = envOf({ min: 1 });
const id = 'i-00000000000000002';
const order = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** A drained, empty bridge that answers with such an error; SSM refuses what it would on AWS. */
function worldSaying(error: string, tag = 'surplus'): FakeWorld {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 4, conferences: 1 });
  const tags = { [tagKeys.drain]: `2027-01-01T00:00:00Z autoscaler ${tag}` };
  world.addBridge(2, { draining: true, says: { error } }, { tags });
  world.passMinutes(5, 0.1);
  return world;
}

test('a reference to a parameter in the word of a bridge does not stop ticks', async () => {
  const world = worldSaying('{{ssm:x}}');
  const reply = await runScaler(world.ports(), env, {});
  expect(reply).toMatchObject({
    ok: true,
    actions: [{ kind: 'retire', instanceId: id, status: 'skipped' }],
  });
  expect(world.memory?.text).not.toContain('{{');
  // It is told as it was said.
  expect(await runScaler(world.ports(), env, { action: 'status' })).toMatchObject({
    lastDecision: { actions: [{ detail: expect.stringContaining('{{ssm:x}}') as unknown }] },
  });
});

test('escape sequences and forged lines are shown, not sent to the terminal', async () => {
  const world = worldSaying('\u001b[2J\r\nall is well\u202e', '\u001b[31mred\u200b');
  const reply = await runScaler(world.ports(), env, {});
  expect(reply).toMatchObject({
    actions: [
      {
        detail: expect.stringContaining(
          '<U+001B>[2J<U+000D><U+000A>all is well<U+202E>',
        ) as unknown,
      },
    ],
  });
  const status = await runScaler(world.ports(), env, { action: 'status' });
  expect(JSON.stringify(status)).toContain('<U+001B>[31mred<U+200B>');
});

const said = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3000 }),
  fc.constantFrom('{{ssm:x}}', '{{'.repeat(2000), '"}\n{"ok":true', '\u0000', '\ud800'),
);

test('no word, tag or console line of a bridge stops a tick or reaches a terminal as an order', async () => {
  await fc.assert(
    fc.asyncProperty(said, said, async (word, tag) => {
      const world = worldSaying(word, tag);
      const reply = await runScaler(world.ports(), env, { requestId: 'r', action: 'scale', to: 1 });
      expect(reply.ok).toBe(true);
      const status = await runScaler(world.ports(), env, { action: 'status' });
      for (const text of textsIn([reply, status])) {
        expect(text).not.toMatch(order);
        expect(text.length).toBeLessThan(1000);
      }
      expect(world.instances.get(id)?.state).toBe('running');
    }),
    { numRuns: 60 },
  );
});

test('a refused command repeats what it was given as one printable line', async () => {
  for (const event of [
    { action: 'st\u202eatus\u009b' },
    { action: 'status', 'x\u001b[31m\n': 1 },
    { action: 'drain', bridge: '\u001b]0;x\u0007' },
  ]) {
    const reply = await runScaler(new FakeWorld().ports(), env, event);
    expect(reply).toMatchObject({ ok: false, error: { code: 'InvalidCommand' } });
    for (const text of textsIn(reply)) expect(text).not.toMatch(order);
  }
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
