import { existsSync } from 'node:fs';

import { readHocon } from '../hocon';
import { bridgeSettings } from './bridge-settings';
import { javaTrust } from './trust';
import { Videobridge2 } from './videobridge2';

/** Exit code of a JVM that SIGTERM ended in good order. */
const terminatedBySignal = 143;

/** Started by `jvb.sh`; system properties come as Java's would, in JAVA_SYS_PROPS. */
async function main(): Promise<void> {
  const systemProperties = process.env['JAVA_SYS_PROPS'] ?? '';
  const file = /-Dconfig\.file=(\S+)/.exec(systemProperties)?.[1];
  const log = (line: string) => {
    console.log(`JVB ${new Date().toISOString()} ${line}`);
  };
  const hasConfig = file !== undefined && existsSync(file);
  if (!hasConfig) log('no configuration file: nobody will hear of this bridge');
  const bridge = new Videobridge2({
    settings: bridgeSettings(hasConfig ? readHocon(file) : {}),
    trust: (client) => javaTrust(client, systemProperties),
    log,
    exited: () => void bridge.stop().then(() => process.exit(0)),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void bridge.stop().then(() => process.exit(terminatedBySignal));
    });
  }
  await bridge.start();
  log('started');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
