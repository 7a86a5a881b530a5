import { X509Certificate } from 'node:crypto';
import type { SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { parameterNames } from '../../core/protocol/parameters';
import { readParameter, writeParameter } from './parameters';
import { certificateFingerprint } from '../xmpp/pinned-certificate';

/** Leaf certificate that clients of `auth.<domain>` pin. */
export interface ServerCertificate {
  /** SHA-256 of the DER form, lower-case hex. */
  readonly fingerprint: string;
  /**
   * Absent where it does not fit into its parameter: whoever needs more than the fingerprint asks
   * the server for its certificate, and believes the one that has it.
   */
  readonly pem?: string;
}

/** A standard parameter holds so many bytes; a certificate with some forty names is longer. */
const longestValue = 4096;

/** PEM of one certificate, to what is stored about it. */
export const certificatePem = z.string().transform((pem, context): ServerCertificate => {
  try {
    const certificate = new X509Certificate(pem);
    return {
      fingerprint: certificateFingerprint(certificate.raw),
      pem: certificate.toString(),
    };
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a certificate in PEM form' });
    return z.NEVER;
  }
});

/** The parameter's value; its two fields must speak of the same certificate. */
const storedCertificate = z
  .strictObject({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/), pem: certificatePem.optional() })
  .refine(({ fingerprint, pem }) => pem === undefined || fingerprint === pem.fingerprint, {
    path: ['fingerprint'],
    error: 'is not the fingerprint of pem',
  })
  .transform(({ fingerprint, pem }): ServerCertificate => pem ?? { fingerprint });

/** The pinned certificate; undefined before Server A was synced for the first time. */
export async function readServerCertificate(
  client: SSMClient,
  fleet: string,
): Promise<ServerCertificate | undefined> {
  const value = await readParameter(client, parameterNames(fleet).serverCertificate);
  return value === undefined ? undefined : storedCertificate.parse(JSON.parse(value));
}

/** Stores the certificate, or its fingerprint alone, unless it is the stored one already. */
export async function pinServerCertificate(
  client: SSMClient,
  fleet: string,
  { fingerprint, pem }: ServerCertificate,
): Promise<'unchanged' | 'pinned'> {
  const name = parameterNames(fleet).serverCertificate;
  const whole = JSON.stringify({ fingerprint, pem });
  const value = whole.length <= longestValue ? whole : JSON.stringify({ fingerprint });
  if ((await readParameter(client, name)) === value) return 'unchanged';
  await writeParameter(client, name, value);
  return 'pinned';
}
