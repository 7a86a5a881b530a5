import {
  emptyMemory,
  memoryLimitBytes,
  parseMemory,
  serializeMemory,
} from '../../../../lambdas/core/model/memory';
import { idOf, memoryOf } from '../snapshots';

const request = {
  token: 't',
  orderedAt: 1,
  launchTemplateId: 'lt-1',
  launchTemplateVersion: '1',
  onDemandCount: 1,
  spotCount: 0,
  instanceTypes: [],
  subnetIds: [],
};

test('memory survives being stored', () => {
  const memory = memoryOf({
    sequence: 7,
    booting: { [idOf(1)]: 100 },
    scaleInPending: { since: 5, mostNeeded: 2 },
    answers: [{ requestId: 'a', command: 'digest', reply: { ok: true } }],
  });
  expect(parseMemory(serializeMemory(memory))).toEqual({ memory });
});

test.each([
  ['no JSON', '{'],
  ['another format', '{"format":3}'],
  ['a wrong type', '{"format":2,"booting":3}'],
  ['not an object', '[]'],
  ['nothing', 'null'],
  ['a number', '3'],
])('memory that is %s is empty and said so', (_name, text) => {
  const { memory, problem } = parseMemory(text);
  expect(memory).toEqual(emptyMemory);
  expect(problem).toEqual({ code: 'MemoryUnreadable' });
});

test('missing memory is empty without a problem', () => {
  expect(parseMemory(undefined)).toEqual({ memory: emptyMemory });
});

test('memory that is too large drops old answers first and never the pending launch', () => {
  const pendingLaunch = { ...request, excludedPools: [] };
  const answer = (index: number) => ({
    requestId: `r${index}`,
    command: 'digest',
    reply: { text: 'ü'.repeat(600) },
  });
  const text = serializeMemory(
    memoryOf({ pendingLaunch, answers: Array.from({ length: 12 }, (_, index) => answer(index)) }),
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(memoryLimitBytes);
  const { memory } = parseMemory(text);
  expect(memory.pendingLaunch).toEqual(pendingLaunch);
  expect(memory.answers.map(({ requestId }) => requestId)).toContain('r11');
  expect(memory.answers.at(-1)?.reply).toEqual(answer(11).reply);
  expect(memory.answers.some(({ reply }) => reply === undefined)).toBe(true);
});

test('memory that is too large keeps the newest notes of bridges, and what was launched', () => {
  const times = Object.fromEntries(
    Array.from({ length: 300 }, (_, index) => [idOf(index), 1_800_000_000 + index]),
  );
  const launches = [{ token: 't', at: 1_800_000_000, count: 300 }];
  const text = serializeMemory(
    memoryOf({ booting: times, undrainedAt: times, repairs: times, launches }),
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(memoryLimitBytes);
  expect(parseMemory(text).memory.launches).toEqual(launches);
  const notes = serializeMemory(memoryOf({ undrainedAt: times, launches }));
  expect(Object.keys(parseMemory(notes).memory.undrainedAt)).toContain(idOf(299));
});

test('bridges that an earlier version launched, and EC2 does not list yet, are not forgotten', () => {
  const booting = { [idOf(1)]: 1_800_000_000 };
  expect(parseMemory(JSON.stringify({ format: 2, booting })).memory).toEqual(
    memoryOf({ booting, unlisted: booting }),
  );
  expect(parseMemory(JSON.stringify({ format: 1, booting })).memory.unlisted).toEqual(booting);
  expect(parseMemory(JSON.stringify({ format: 2, booting, launches: [] })).memory.unlisted).toEqual(
    {},
  );
});

test('memory of the version before keeps its pending launch, whatever its names were', () => {
  const old = {
    format: 1,
    fewer: { since: 5, mostNeeded: 2 },
    takenBack: { [idOf(1)]: 7 },
    pendingLaunch: { ...request, without: ['c6i.xlarge/subnet-a'] },
    lastDecision: { actions: ['launch 1'] },
  };
  expect(parseMemory(JSON.stringify(old))).toEqual({
    memory: memoryOf({
      scaleInPending: { since: 5, mostNeeded: 2 },
      undrainedAt: { [idOf(1)]: 7 },
      pendingLaunch: { ...request, excludedPools: ['c6i.xlarge/subnet-a'] },
    }),
  });
});

test('a decision record that cannot be read loses nothing else', () => {
  const text = JSON.stringify({
    ...memoryOf({ sequence: 7 }),
    lastDecision: { actions: 'launch' },
  });
  expect(parseMemory(text)).toEqual({ memory: memoryOf({ sequence: 7 }) });
});

test('memory of the version before without a launch under way is read, too', () => {
  const text = JSON.stringify({ format: 1, sequence: 4, pendingLaunch: null });
  expect(parseMemory(text).problem).toEqual({ code: 'MemoryUnreadable' });
  expect(parseMemory(JSON.stringify({ format: 1, sequence: 4 }))).toEqual({
    memory: memoryOf({ sequence: 4 }),
  });
});

test('the decision record survives', () => {
  const lastDecision = {
    time: '2027-01-15T08:06:00.000Z',
    fleet: 'main',
    trigger: 'schedule',
    numbers: { wanted: 2 },
    actions: [],
    reasons: [{ code: 'Paused' as const, text: 'paused by the operator' }],
    seconds: 1,
  };
  expect(parseMemory(serializeMemory(memoryOf({ lastDecision })))).toEqual({
    memory: memoryOf({ lastDecision }),
  });
});
