import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promptBehaviour } from '../../../local/aws/behaviour';
import { startGateway, type Gateway } from '../../../local/aws/gateway';
import { startMinistack } from '../../../local/aws/ministack';
import { InstantHost } from '../../../local/machines/instant-host';

const binary = resolve(__dirname, '../../../.local/cache/venv/bin/ministack');

export interface RealCloud {
  readonly gateway: Gateway;
  /** Of this cloud alone, goes with it. */
  readonly folder: string;
  /** Settings of an SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

/** A gateway on a port of its own with a real ministack behind it; machines boot nothing. */
export async function startRealCloud(): Promise<RealCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const ministack = await startMinistack({
    binary,
    port: await freePort(),
    gatewayUrl: 'http://127.0.0.1:9',
    logFile: join(folder, 'ministack.log'),
    temporaryFolder: folder,
  });
  const gateway = await startGateway({
    port: 0,
    ministackUrl: ministack.url,
    machines: new InstantHost(),
    behaviour: promptBehaviour,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { endpoint: gateway.url, region: 'us-east-1', credentials, maxAttempts: 1 };
  const close = async (): Promise<void> => {
    await gateway.close();
    await ministack.stop();
    await rm(folder, { recursive: true });
  };
  return { gateway, folder, client, close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
