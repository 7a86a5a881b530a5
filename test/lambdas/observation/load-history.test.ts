import { keptHistory } from '../../../lambdas/observation/load-history';

const now = 1_800_000_000;

/** A CloudWatch with a sample every five minutes; notes what it was asked for. */
function source() {
  const asked: (readonly [number, number])[] = [];
  const state = { load: 1, error: undefined as Error | undefined };
  const read = (since: number, until: number) => {
    asked.push([since, until]);
    if (state.error !== undefined) return Promise.reject(state.error);
    const first = Math.ceil(Math.max(since, now - 3600) / 300) * 300;
    const count = Math.max(0, Math.floor((until - first) / 300));
    return Promise.resolve(
      Array.from({ length: count }, (_, index) => ({ at: first + 300 * index, load: state.load })),
    );
  };
  return { asked, state, history: keptHistory(read) };
}

test('reads four weeks once, then every five minutes what is new or may have changed', async () => {
  const { asked, state, history } = source();
  const first = await history(now);
  expect(asked).toEqual([[now - 28 * 86_400, now]]);
  expect(first.samples).toHaveLength(12);
  state.load = 2;
  const later = await history(now + 300);
  expect(asked[1]).toEqual([now - 300 - 1800, now + 300]);
  expect(later.samples.map(({ load }) => load)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
});

test('gives the same array until there is something new', async () => {
  const { asked, history } = source();
  expect((await history(now)).samples).toBe((await history(now + 299)).samples);
  expect(asked).toHaveLength(1);
});

test('goes on with what there is when nothing can be read, says so, and tries again', async () => {
  const { state, history } = source();
  const whole = await history(now);
  state.error = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
  const held = await history(now + 300);
  expect(held.samples).toBe(whole.samples);
  expect(held.problem).toEqual({
    code: 'HistoryUnreadable',
    error: 'ThrottlingException',
  });
  state.error = undefined;
  expect((await history(now + 360)).samples).toHaveLength(13);
});
