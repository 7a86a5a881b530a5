import { HoconError, hoconAt, parseHocon } from '../../../local/jitsi/hocon';

test('reads what the package of a current bridge writes', () => {
  const parsed = parseHocon(`videobridge {
    apis.xmpp-client.configs {
        shard {
            HOSTNAME=localhost
            DOMAIN="auth.meet.test"
            MUC_NICKNAME=0e984725-c51c-4bd9-960b-e1ee27ba9f00
        }
    }
}
ice4j {
    harvest {
        mapping {
            aws {
                enabled = false
            }
            stun {
                addresses = ["meet-jit-si-turnrelay.jitsi.net:443"]
            }
        }
    }
}`);
  expect(parsed).toEqual({
    videobridge: {
      apis: {
        'xmpp-client': {
          configs: {
            shard: {
              HOSTNAME: 'localhost',
              DOMAIN: 'auth.meet.test',
              MUC_NICKNAME: '0e984725-c51c-4bd9-960b-e1ee27ba9f00',
            },
          },
        },
      },
    },
    ice4j: {
      harvest: {
        mapping: {
          aws: { enabled: 'false' },
          stun: { addresses: ['meet-jit-si-turnrelay.jitsi.net:443'] },
        },
      },
    },
  });
});

test.each<[string, string, unknown]>([
  ['comments and separators', '# a\na = 1, b = 2 // c\n\n,c: 3 # d', { a: '1', b: '2', c: '3' }],
  ['a braced file', '{ "a": { "b": true } }', { a: { b: 'true' } }],
  ['a duration with a blank', 'a = 5 seconds\nb = 1m', { a: '5 seconds', b: '1m' }],
  ['an unquoted path', 'a = /etc/x # y', { a: '/etc/x' }],
  [
    'objects merge, values replace',
    'a { b = 1, c = 1 }\na.b = 2\na { d = 3 }',
    { a: { b: '2', c: '1', d: '3' } },
  ],
  ['a quoted key with dots', '"a.b".c = "\\u0041\\"\\\\"', { 'a.b': { c: 'A"\\' } }],
  [
    'arrays of objects over lines',
    'a = [\n {b = 1}\n {b = 2},\n]',
    { a: [{ b: '1' }, { b: '2' }] },
  ],
  ['nothing at all', '\n# only this\n', {}],
])('%s', (_, text, expected) => {
  expect(parseHocon(text)).toEqual(expected);
});

test('an include stands where it is written, and one that is not there counts as empty', () => {
  const files: Record<string, string> = { 'secret.conf': 'a.password = "x"' };
  const text =
    'a { user = u, password = old }\ninclude "secret.conf"\ninclude file("none.conf")\nb = 1';
  expect(parseHocon(text, (file) => files[file])).toEqual({
    a: { user: 'u', password: 'x' },
    b: '1',
  });
  expect(() => parseHocon('include required(file("none.conf"))')).toThrow(HoconError);
});

test.each([
  ['a substitution', 'a = 1\nb = ${a}', 'line 2: a substitution'],
  ['parts put together', 'a = "x" "y"', 'a value of several parts'],
  ['+=', 'a += 1', '+='],
  ['triple quotes', 'a = """x"""', 'triple quotes'],
  ['an object that does not end', 'a { b = 1', 'no }'],
  ['a key without a value', 'a b\n', 'no = after a key'],
  ['one brace too many', 'a = 1 }', 'no a key'],
])('%s is refused, not misread', (_, text, message) => {
  expect(() => parseHocon(text)).toThrow(message);
});

test('values are found by their path', () => {
  const root = parseHocon('a.b.c = 1');
  expect(hoconAt(root, ['a', 'b', 'c'])).toBe('1');
  expect(hoconAt(root, ['a', 'x', 'c'])).toBeUndefined();
  expect(hoconAt(root, ['a', 'b', 'c', 'd'])).toBeUndefined();
});
