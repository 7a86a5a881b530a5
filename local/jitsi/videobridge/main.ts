import { readProperties } from '../java-properties';
import { bridgeSettings } from './bridge-settings';
import { configDirectory, parseLaunchArguments } from './launch-arguments';
import { Videobridge } from './videobridge';

/** Exit code of a JVM that SIGTERM ended in good order. */
const terminatedBySignal = 143;

async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const directory = configDirectory(argv, process.env);
  const settings = bridgeSettings(readProperties(`${directory}/sip-communicator.properties`));
  const log = (line: string) => {
    console.log(`JVB ${new Date().toISOString()} ${line}`);
  };
  const bridge = new Videobridge({ launch: parseLaunchArguments(argv), settings, log });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      void bridge.stop().then(() => process.exit(terminatedBySignal));
    });
  }
  await bridge.start();
  log(`started ${bridge.jid}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
