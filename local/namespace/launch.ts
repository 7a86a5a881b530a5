/**
 * `tsx local/namespace/launch.ts [--forward NAME=PORT:HOST:PORT]… PROGRAM [ARGUMENT]…`
 * Runs a TypeScript program in the cloud's namespaces; the first PORT is the one outside.
 */
import type { Forward } from './forwarding';
import { NeedsRootError, runInNamespace, type NamespaceOptions } from './launcher';

function parseForward(text: string): Forward {
  const parts = /^([a-z0-9-]+)=(\d+):([^:]+):(\d+)$/.exec(text);
  if (!parts) throw new Error(`--forward takes NAME=PORT:HOST:PORT, not ${text}`);
  const [, name = '', port, host = '', targetPort] = parts;
  return { name, port: Number(port), target: { host, port: Number(targetPort) } };
}

function parseArguments(args: readonly string[]): NamespaceOptions {
  const forwards: Forward[] = [];
  let rest = args;
  while (rest[0] === '--forward') {
    forwards.push(parseForward(rest[1] ?? ''));
    rest = rest.slice(2);
  }
  const [program, ...programArgs] = rest;
  if (program === undefined) throw new Error('launch: say which program to run');
  return { program, args: programArgs, forwards };
}

runInNamespace(parseArguments(process.argv.slice(2))).then(
  ({ exitCode }) => process.exit(exitCode),
  (error: unknown) => {
    if (!(error instanceof NeedsRootError)) throw error;
    console.error(error.message);
    process.exit(1);
  },
);
