import { existsSync, readFileSync } from 'node:fs';
import { readHocon } from '../hocon';
import { readProperties } from '../java-properties';
import type { ServerTrust } from '../xmpp/server-trust';
import { Jicofo } from './jicofo';
import { settingsOfConf } from './jicofo-conf';
import { jicofoSettings, type JicofoSettings } from './jicofo-settings';

/**
 * The real Jicofo has the server's certificate in its trust store. Here it is read from where
 * Prosody has it; a server on loopback (Jicofo's usual place) may also go without.
 */
function trustOf({ authDomain, verifyCertificate }: JicofoSettings): ServerTrust {
  if (!verifyCertificate) return { kind: 'anything' };
  try {
    return {
      kind: 'pinned',
      pem: readFileSync(`/etc/prosody/certs/${authDomain}.crt`, 'utf8'),
    };
  } catch {
    return { kind: 'loopback' };
  }
}

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const option = argv.find((argument) => argument.startsWith('--config-dir='));
  const directory = option?.slice('--config-dir='.length) ?? '/etc/jitsi/jicofo';
  const conf = `${directory}/jicofo.conf`;
  const settings = existsSync(conf)
    ? settingsOfConf(readHocon(conf))
    : jicofoSettings(
        argv,
        readProperties(`${directory}/config`),
        readProperties(`${directory}/sip-communicator.properties`),
      );
  const log = (line: string) => {
    console.log(`Jicofo ${new Date().toISOString()} ${line}`);
  };
  const jicofo = new Jicofo({ settings, trust: trustOf(settings), log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void jicofo.stop().then(() => process.exit(143));
    });
  }
  await jicofo.start();
  log(`control on port ${jicofo.controlPort}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
