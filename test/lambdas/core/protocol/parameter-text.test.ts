import fc from 'fast-check';
import { emptyMemory, parseMemory, serializeMemory } from '../../../../lambdas/core/model/memory';
import { parameterText } from '../../../../lambdas/core/protocol/parameter-text';

/** Any text, with many braces in it. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '{{', '{{{', '{{ssm:x}}', '}}', '\\'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((parts) => parts.join(''));

test.each(['{{ssm:x}}', 'a{{{{b', '{{{', '\\{{', ''])(
  'a text %j is stored without a reference, and reads as it was',
  (value) => {
    const stored = parameterText(JSON.stringify({ value, deep: [{ value }] }));
    expect(stored).not.toContain('{{');
    expect(JSON.parse(stored)).toEqual({ value, deep: [{ value }] });
  },
);

test('no JSON value refers to another parameter once it is stored', () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.array(text))), (value) => {
      const stored = parameterText(JSON.stringify(value));
      expect(stored).not.toContain('{{');
      expect(JSON.parse(stored)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('whatever others wrote, memory is stored: no reference, and within its limit', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
      const memory = {
        ...emptyMemory,
        wanted: 3,
        lastDecision: {
          time: '2027-01-01T00:00:00Z',
          fleet: 'test',
          trigger: 'event',
          numbers: {},
          actions: [],
          reasons: texts.map((said) => ({ code: 'Paused' as const, text: said })),
          seconds: 1,
        },
        answers: texts.map((requestId) => ({ requestId, command: 'digest' })),
      };
      const stored = serializeMemory(memory);
      expect(stored).not.toContain('{{');
      expect(Buffer.byteLength(stored)).toBeLessThanOrEqual(4096);
      expect(parseMemory(stored)).toMatchObject({ memory: { wanted: 3 } });
      expect(parseMemory(stored).problem).toBeUndefined();
    }),
  );
});
