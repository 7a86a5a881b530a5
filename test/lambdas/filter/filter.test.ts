import { parseFilterEnv } from '../../../lambdas/filter/env';
import { KnownInstances } from '../../../lambdas/filter/known-instances';
import { filterEvent } from '../../../lambdas/filter/pass-on';

const ours = 'i-0aaaaaaaaaaaaaaa1';

function news(instanceId: string, detail: object = { state: 'running' }): object {
  return {
    source: 'aws.ec2',
    'detail-type': 'EC2 Instance State-change Notification',
    detail: { 'instance-id': instanceId, ...detail },
  };
}

/** A filter whose EC2 lists what the test says, and whose clock the test moves. */
function filter(listed: () => readonly string[] = () => [ours]) {
  const passed: unknown[] = [];
  const state = { now: 0, reads: 0 };
  const known = new KnownInstances(
    () => {
      state.reads++;
      return Promise.resolve(listed());
    },
    () => state.now,
  );
  const ports = {
    isOurs: (id: string) => known.has(id),
    passOn: (event: unknown) => {
      passed.push(event);
      return Promise.resolve();
    },
  };
  return { passed, state, run: (event: unknown) => filterEvent(ports, event) };
}

it('passes on what tells of an instance of the fleet, as it came', async () => {
  const { run, passed } = filter();
  const event = news(ours);
  expect(await run(event)).toBe('passedOn');
  expect(passed).toEqual([event]);
});

it('a thousand events of others in a minute cost the scaler nothing, and EC2 a read every three seconds', async () => {
  const { run, passed, state } = filter();
  for (let event = 0; event < 1000; event++) {
    state.now = event * 60;
    const id = `i-0${event.toString(16).padStart(16, 'f')}`;
    expect(await run(news(id))).toBe('ofOthers');
  }
  expect(passed).toEqual([]);
  expect(state.reads).toBeLessThanOrEqual(20);
});

it('events that come together wait for one read', async () => {
  const { run, passed, state } = filter();
  const other = 'i-0bbbbbbbbbbbbbbb2';
  expect(await Promise.all([run(news(ours)), run(news(other)), run(news(ours))])).toEqual([
    'passedOn',
    'ofOthers',
    'passedOn',
  ]);
  expect(state.reads).toBe(1);
  expect(passed).toHaveLength(2);
});

it('knows an instance of the fleet after EC2 has forgotten it, and a new one once EC2 lists it', async () => {
  let listed: readonly string[] = [ours];
  const { run, state } = filter(() => listed);
  expect(await run(news(ours))).toBe('passedOn');
  const next = 'i-0ccccccccccccccc3';
  listed = [next];
  expect(await run(news(next))).toBe('ofOthers');
  state.now += 3000;
  expect(await run(news(next))).toBe('passedOn');
  expect(await run(news(ours, { state: 'terminated' }))).toBe('passedOn');
});

it('passes on when EC2 cannot be asked', async () => {
  const passed: unknown[] = [];
  const ports = {
    isOurs: () => Promise.reject(new Error('RequestLimitExceeded')),
    passOn: (event: unknown) => {
      passed.push(event);
      return Promise.resolve();
    },
  };
  expect(await filterEvent(ports, news(ours))).toBe('passedOn');
  expect(passed).toHaveLength(1);
});

it.each([
  ['nothing', undefined],
  ['another source', { ...news(ours), source: 'aws.s3' }],
  ['no id', { source: 'aws.ec2', detail: {} }],
  ['what is no id', news('i-1; rm -rf /')],
])('passes on nothing for %s', async (_name, event) => {
  const { run, passed, state } = filter();
  expect(await run(event)).toBe('notAnInstanceEvent');
  expect(passed).toEqual([]);
  expect(state.reads).toBe(0);
});

it('names the variables that are missing in its environment', () => {
  expect(() => parseFilterEnv({ FLEET: 'main' })).toThrow(/SCALER_FUNCTION/);
  expect(parseFilterEnv({ FLEET: 'main', SCALER_FUNCTION: 'scaler' })).toEqual({
    fleet: 'main',
    scalerFunction: 'scaler',
  });
});
