import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface MinistackOptions {
  /** The program, e.g. `<venv>/bin/ministack`. */
  readonly binary: string;
  readonly port: number;
  /** Address of the gateway, which deployed functions get as their `AWS_ENDPOINT_URL`. */
  readonly gatewayUrl: string;
  readonly logFile: string;
  /** Folder for its temporary files. @default the system's */
  readonly temporaryFolder?: string;
  readonly accountId?: string;
  readonly region?: string;
}

export interface Ministack {
  readonly url: string;
  readonly pid: number;
  /** Resolves with a sentence when the process ends, asked for or not. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const readySeconds = 30;
const stopSeconds = 5;

/**
 * Starts ministack on loopback; resolves when it answers. Rejects, with it stopped, when it does
 * not in 30 seconds.
 */
export async function startMinistack(options: MinistackOptions): Promise<Ministack> {
  const { binary, port, gatewayUrl, temporaryFolder } = options;
  const { accountId = '123456789012', region = 'us-east-1' } = options;
  const child = spawn(binary, [], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...withoutAwsSettings(process.env),
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_ACCOUNT_ID: accountId,
      MINISTACK_REGION: region,
      IOT_MTLS_ENABLED: '0',
      AWS_ENDPOINT_URL: gatewayUrl,
      AWS_REGION: region,
      ...(temporaryFolder === undefined ? {} : { TMPDIR: temporaryFolder }),
    },
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      log.end();
      resolve(`ministack cannot be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      log.end();
      resolve(`ministack ended with ${signal ?? `exit code ${code}`}`);
    });
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), stopSeconds * 1000);
    await ended;
    clearTimeout(insist);
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url, ended);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid ?? 0, ended, stop };
}

async function ready(url: string, ended: Promise<string>): Promise<void> {
  let failure: string | undefined;
  void ended.then((reason) => {
    failure = reason;
  });
  for (let tries = 0; tries < readySeconds * 10; tries++) {
    if (failure !== undefined) throw new Error(failure);
    const answered = await fetch(`${url}/_ministack/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`ministack did not answer within ${readySeconds} seconds`);
}

/**
 * The caller's own AWS settings and profile must not reach the emulator or the functions it runs.
 */
function withoutAwsSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')),
  );
}
