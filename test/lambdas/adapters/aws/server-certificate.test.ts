import { X509Certificate } from 'node:crypto';
import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import {
  certificatePem,
  pinServerCertificate,
  readServerCertificate,
} from '../../../../lambdas/adapters/aws/server-certificate';
import { selfSigned } from './certificate';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());
const client = new SSMClient();
const name = '/jitsi-bridges/blue/server/certificate';
const pem = selfSigned('auth.meet.test');
const certificate = certificatePem.parse(pem);
const absent = new ParameterNotFound({ message: 'no', $metadata: {} });

test('the fingerprint is the SHA-256 that openssl shows, in lower case without colons', () => {
  const shown = new X509Certificate(pem).fingerprint256;
  expect(certificate.fingerprint).toBe(shown.replaceAll(':', '').toLowerCase());
});

test('what is not a certificate is refused', () => {
  expect(certificatePem.safeParse('-----BEGIN CERTIFICATE-----\nAAAA\n').success).toBe(false);
});

test('is absent before the first sync', async () => {
  ssm.on(GetParameterCommand).rejects(absent);
  await expect(readServerCertificate(client, 'blue')).resolves.toBeUndefined();
});

test('what was stored is read back', async () => {
  ssm.on(GetParameterCommand).rejectsOnce(absent);
  ssm.on(PutParameterCommand).resolves({});
  await expect(pinServerCertificate(client, 'blue', certificate)).resolves.toBe('pinned');
  const { input } = ssm.commandCalls(PutParameterCommand)[0]?.args[0] ?? {};
  expect(input).toMatchObject({ Name: name, Type: 'String', Overwrite: true });
  expect(input?.Value?.length).toBeLessThan(4096);
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: input?.Value ?? '' } });
  await expect(readServerCertificate(client, 'blue')).resolves.toEqual(certificate);
});

test('the same certificate is not written again', async () => {
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(certificate) } });
  await expect(pinServerCertificate(client, 'blue', certificate)).resolves.toBe('unchanged');
  expect(ssm.commandCalls(PutParameterCommand)).toHaveLength(0);
});

test('a fingerprint that is not the certificate’s own is refused', async () => {
  const forged = { ...certificate, fingerprint: 'ab'.repeat(32) };
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: JSON.stringify(forged) } });
  await expect(readServerCertificate(client, 'blue')).rejects.toThrow('fingerprint');
});

test('a certificate of any number of names fits: the fingerprint stands for it', async () => {
  const names = Array.from({ length: 300 }, (_, index) => `host-${index}.customers.meet.test`);
  const large = certificatePem.parse(selfSigned('auth.meet.test', names));
  expect(JSON.stringify(large).length).toBeGreaterThan(4096);
  ssm.on(GetParameterCommand).rejectsOnce(absent);
  ssm.on(PutParameterCommand).resolves({});
  await expect(pinServerCertificate(client, 'blue', large)).resolves.toBe('pinned');
  const { Value = '' } = ssm.commandCalls(PutParameterCommand)[0]?.args[0].input ?? {};
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value } });
  await expect(readServerCertificate(client, 'blue')).resolves.toEqual({
    fingerprint: large.fingerprint,
  });
  await expect(pinServerCertificate(client, 'blue', large)).resolves.toBe('unchanged');
});
