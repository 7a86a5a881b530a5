import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './programs';

/**
 * Signs a suite's `Release` as `InRelease` and `Release.gpg`, and writes the public key; nothing
 * else is kept.
 */
export interface SigningRequest {
  readonly suiteDirectory: string;
  /** Where the armoured public key goes. */
  readonly keyFile: string;
}

/**
 * Makes a key for one repository, signs with it and throws the private part away: what was built
 * once is never signed again. Returns the key's fingerprint, 40 hex digits.
 */
export async function signRelease(request: SigningRequest): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'bridges-gpg-'));
  const gpg = (...args: string[]): Promise<string> =>
    run('gpg', ['--homedir', home, '--batch', '--yes', '--quiet', ...args]);
  const release = join(request.suiteDirectory, 'Release');
  try {
    await gpg(
      ...['--pinentry-mode', 'loopback', '--passphrase', ''],
      ...['--quick-generate-key', 'Embedded cloud <root@localhost>', 'rsa2048', 'sign', 'never'],
    );
    await gpg(
      '--clearsign',
      '--digest-algo',
      'SHA256',
      '-o',
      `${request.suiteDirectory}/InRelease`,
      release,
    );
    await gpg(
      '--detach-sign',
      '--armor',
      '--digest-algo',
      'SHA256',
      '-o',
      `${release}.gpg`,
      release,
    );
    await gpg('--armor', '--output', request.keyFile, '--export');
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(
      await gpg('--with-colons', '--list-keys'),
    )?.[1];
    if (fingerprint === undefined) throw new Error('gpg listed no fingerprint of the key it made');
    return fingerprint;
  } finally {
    // The agent that gpg started in the background ends with its home.
    await run('gpgconf', ['--homedir', home, '--kill', 'all']).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}
