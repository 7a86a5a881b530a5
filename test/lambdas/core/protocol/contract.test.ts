import fc from 'fast-check';
import {
  breweryRoom,
  bridgeAccount,
  bridgeName,
  componentJid,
  instanceIdOfBridge,
} from '../../../../lambdas/core/protocol/xmpp-names';
import {
  bridgeSecretName,
  instanceIdOfSecret,
  parameterNames,
} from '../../../../lambdas/core/protocol/parameters';
import { digestInput } from '../../../../lambdas/core/protocol/documents';
import { environment, shellEnvironment } from '../../../../lambdas/core/protocol/environment';
import { tagKeys } from '../../../../lambdas/core/protocol/tags';

const id = 'i-0abc1234567890def';

test('every parameter of a fleet is below its root, the path that grants are limited to', () => {
  const { root, ...others } = parameterNames('office');
  expect(root).toBe('/jitsi-bridges/office');
  for (const name of Object.values(others)) expect(name.startsWith(`${root}/`)).toBe(true);
  expect(bridgeSecretName('office', id)).toBe(`/jitsi-bridges/office/bridges/${id}/secret`);
});

test.each([
  ['a secret of this fleet', `/jitsi-bridges/office/bridges/${id}/secret`, id],
  ['one of another fleet', `/jitsi-bridges/home/bridges/${id}/secret`, undefined],
  ['another parameter of a bridge', `/jitsi-bridges/office/bridges/${id}/other`, undefined],
  ['something deeper', `/jitsi-bridges/office/bridges/${id}/secret/old`, undefined],
  ['no instance id', '/jitsi-bridges/office/bridges/i-XYZ/secret', undefined],
])('the instance of a parameter name: %s', (_name, parameter, expected) => {
  expect(instanceIdOfSecret('office', parameter)).toBe(expected);
});

test.each([
  ['a bridge of ours', 'jvb-0abc1234567890def', id],
  ["Jitsi's default bridge", 'jitsi-videobridge', undefined],
  ['capitals', 'jvb-0ABC1234567890DEF', undefined],
  ['too short', 'jvb-0abc', undefined],
  ['something behind it', 'jvb-0abc1234567890def.meet', undefined],
])('the instance of a name on XMPP: %s', (_name, name, expected) => {
  expect(instanceIdOfBridge(name)).toBe(expected);
});

test('names of instances are reversible', () => {
  const hex = fc.string({
    unit: fc.constantFrom(...Array.from('0123456789abcdef')),
    minLength: 8,
    maxLength: 17,
  });
  fc.assert(
    fc.property(hex, (digits) => {
      expect(instanceIdOfBridge(bridgeName(`i-${digits}`))).toBe(`i-${digits}`);
      expect(instanceIdOfSecret('f', bridgeSecretName('f', `i-${digits}`))).toBe(`i-${digits}`);
    }),
  );
});

test('addresses on XMPP are those of Jitsi', () => {
  expect(componentJid(id, 'meet.test')).toBe('jvb-0abc1234567890def.meet.test');
  expect(bridgeAccount(id, 'auth.meet.test')).toBe('jvb-0abc1234567890def@auth.meet.test');
  expect(breweryRoom('meet.test')).toBe('JvbBrewery@internal.auth.meet.test');
});

test('a digest does not depend on the order, and changes with a version', () => {
  const one = { instanceId: 'i-1', version: 1 };
  const two = { instanceId: 'i-2', version: 7 };
  expect(digestInput([two, one])).toBe('i-1:1\ni-2:7\n');
  expect(digestInput([one, two])).toBe(digestInput([two, one]));
  expect(digestInput([one, { ...two, version: 8 }])).not.toBe(digestInput([one, two]));
  expect(digestInput([])).toBe('');
});

test('instance tags can be read in IMDS: no key has a space or a slash', () => {
  for (const key of Object.values(tagKeys)) expect(key).toMatch(/^[\w:.-]+$/);
});

test.each([
  ['of functions', environment],
  ['of shell scripts', shellEnvironment],
])('variables %s have names of their own', (_name, variables) => {
  const names = Object.values(variables);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[A-Z][A-Z_]*$/);
});
