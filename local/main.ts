import { Command, InvalidArgumentError, Option } from 'commander';

import { cloud, serverA } from './cloud/addresses';
import { NeedsRootError, runInNamespace } from './namespace/launcher';

interface Options {
  readonly story?: boolean;
  readonly json?: boolean;
  readonly generation: 'muc' | 'component';
  readonly server: 'packages' | 'docker';
  readonly port: number;
}

/**
 * `npm start`: runs the cloud in its namespaces, reachable from outside through a few loopback
 * ports.
 */
async function main(): Promise<number> {
  const program = new Command('npm start --')
    .description(
      'Runs the whole system on this machine: emulated AWS, real Prosody, real deployment.',
    )
    .option('--story', 'play a fixed scenario, then exit')
    .option('--json', 'with --story: print one JSON object on stdout, progress on stderr')
    .addOption(
      new Option(
        '--generation <name>',
        "today's Jitsi (muc), or that of the tutorial with component bridges",
      )
        .choices(['muc', 'component'])
        .default('muc'),
    )
    .addOption(
      new Option('--server <kind>', 'Jitsi Meet from Debian packages, or docker-jitsi-meet (muc)')
        .choices(['packages', 'docker'])
        .default('packages'),
    )
    .option('--port <number>', 'port of the AWS API on 127.0.0.1', portOf, cloud.apiPort)
    .parse();
  const options = program.opts<Options>();
  if (options.json === true && options.story !== true) {
    program.error('error: --json needs --story; run npm start --silent -- --story --json');
  }
  if (options.server === 'docker' && options.generation === 'component')
    program.error('error: --server docker needs --generation muc');
  const { exitCode } = await runInNamespace({
    program: 'local/inside.ts',
    args: [
      options.story === true ? 'story' : 'watch',
      options.json === true ? 'json' : 'text',
      options.generation,
      options.server,
    ],
    // The SDK's note about coming Node versions would disturb the live view.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    forwards: [
      { name: 'aws', port: options.port, target: { host: '127.0.0.1', port: cloud.apiPort } },
      { name: 'xmpp-client', port: 5222, target: { host: serverA.address, port: 5222 } },
      ...(options.generation === 'component'
        ? [{ name: 'xmpp-component', port: 5347, target: { host: serverA.address, port: 5347 } }]
        : []),
    ],
  });
  return exitCode;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1024 || port > 65535) {
    throw new InvalidArgumentError('must be a port from 1024 to 65535.');
  }
  return port;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (!(error instanceof NeedsRootError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
