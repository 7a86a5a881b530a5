import { rotationOf } from '../../../lambdas/registrar/request';

test.each([
  ['a schedule', { trigger: 'schedule' }],
  ['nothing', {}],
  ['null', null],
  ['a text', 'rotate'],
])('%s asks for no other secret', (_, event) => {
  expect(rotationOf(event)).toEqual([]);
});

test('instances are asked for by id', () => {
  expect(rotationOf({ rotate: ['i-0aaaaaaaa'] })).toEqual(['i-0aaaaaaaa']);
});

test.each([
  ['no list', { rotate: 'i-0aaaaaaaa' }],
  ['another name', { rotate: ['jvb-0aaaaaaaa'] }],
  ['a path', { rotate: ['i-0aaaaaaaa/../x'] }],
])('%s is refused', (_, event) => {
  expect(() => rotationOf(event)).toThrow('rotate');
});
