import { Command, InvalidArgumentError, Option } from 'commander';

import { cloud, serverA } from './cloud/addresses';
import { NeedsRootError, runInNamespace } from './namespace/launcher';

interface Options {
  readonly story?: boolean;
  readonly json?: boolean;
  readonly generation?: 'component' | 'muc';
  readonly server: 'packages' | 'docker';
  readonly port: number;
}

/** `npm start`: runs the cloud in its namespaces, reachable from outside through a few loopback ports. */
async function main(): Promise<number> {
  const program = new Command('npm start --')
    .description('The whole system on this machine: emulated AWS, real Prosody, real deployment.')
    .option('--story', 'play a fixed story and end')
    .option(
      '--json',
      'with --story: one JSON object on standard output, progress on standard error',
    )
    .addOption(
      new Option(
        '--generation <name>',
        'Jitsi as of 2019 with component bridges, or of today',
      ).choices(['component', 'muc']),
    )
    .addOption(
      new Option('--server <kind>', 'Jitsi Meet from Debian packages, or docker-jitsi-meet (muc)')
        .choices(['packages', 'docker'])
        .default('packages'),
    )
    .option('--port <number>', 'port of the AWS API at 127.0.0.1', portOf, cloud.apiPort)
    .parse();
  const options = program.opts<Options>();
  if (options.json === true && options.story !== true) {
    program.error('error: --json goes with --story: npm start -- --story --json');
  }
  if (options.server === 'docker' && options.generation === 'component')
    program.error('error: --server docker goes with --generation muc');
  const generation = options.generation ?? (options.server === 'docker' ? 'muc' : 'component');
  const { exitCode } = await runInNamespace({
    program: 'local/inside.ts',
    args: [
      options.story === true ? 'story' : 'watch',
      options.json === true ? 'json' : 'text',
      generation,
      options.server,
    ],
    // The SDK's note about coming Node versions would stand in the middle of the live view.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    forwards: [
      { name: 'aws', port: options.port, target: { host: '127.0.0.1', port: cloud.apiPort } },
      { name: 'xmpp-client', port: 5222, target: { host: serverA.address, port: 5222 } },
      ...(generation === 'component'
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
