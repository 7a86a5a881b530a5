import fc from 'fast-check';
import {
  printable,
  printableError,
  printableWithin,
} from '../../../../lambdas/core/protocol/printable';

test.each([
  ['plain text, umlauts and signs stay', 'schön 日本 😀', 'schön 日本 😀'],
  ['an escape sequence is shown', '\u001b[31mred', '<U+001B>[31mred'],
  ['a forged line is one line', 'a\r\nok', 'a<U+000D><U+000A>ok'],
  ['bidi is shown', 'a\u202eb', 'a<U+202E>b'],
  ['zero width is shown', 'a\u200bb\ufeff', 'a<U+200B>b<U+FEFF>'],
  ['what only looks like a space is shown', 'a\u3164b', 'a<U+3164>b'],
  ['half of a pair is shown', 'a\ud800', 'a<U+D800>'],
  ['a tag character is shown', 'a\u{e0041}', 'a<U+E0041>'],
])('%s', (_name, text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('long text is cut, and never within the name of a character', () => {
  expect(printable('abcdef', 3)).toBe('abc…');
  expect(printable('abc', 3)).toBe('abc');
  expect(printable('ab\u001bcdef', 6)).toBe('ab…');
  expect(printable('ab😀', 3)).toBe('ab…');
});

const anyText = fc.string({ unit: 'binary', maxLength: 400 });
const halves = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 });
const unkindText = fc.oneof(
  anyText,
  halves.map((units) => String.fromCharCode(...units)),
);
const order = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

test('no text of others reaches a terminal as an order, or longer than said', () => {
  fc.assert(
    fc.property(unkindText, fc.integer({ min: 1, max: 300 }), (text, longest) => {
      const shown = printable(text, longest);
      expect(shown).not.toMatch(order);
      expect(shown.length).toBeLessThanOrEqual(longest + 1);
    }),
  );
});

test('what is printable stays what it is', () => {
  fc.assert(
    fc.property(unkindText, (text) => {
      const shown = printable(text, 5000);
      expect(printable(shown, 5000)).toBe(shown);
    }),
  );
});

test('all texts within a value are made printable, and nothing else is changed', () => {
  expect(
    printableWithin({ n: 1, is: true, list: ['a\u0007', { deep: 'b\u202e' }], none: null }, 100),
  ).toEqual({ n: 1, is: true, list: ['a<U+0007>', { deep: 'b<U+202E>' }], none: null });
});

test('an error is told by name and message, anything else as unknown', () => {
  expect(printableError(new TypeError('no\nway'))).toBe('TypeError: no<U+000A>way');
  expect(printableError(new Error('x'.repeat(999)), 20)).toHaveLength(21);
  expect(printableError('thrown')).toBe('unknown error');
});
