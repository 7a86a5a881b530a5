import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Generation = 'component' | 'muc';

const units = { component: 'jitsi-videobridge', muc: 'jitsi-videobridge2' } as const;

/** A bridge's REST interface and its service, as `bridge.sh` meets them on a bridge. */
export class StubBridge {
  conferences = 0;
  participants = 0;
  gracefulShutdown = false;
  /** In the drain of generation `muc`. */
  drain = false;
  healthy = true;
  /** Rooms of generation `muc` that it is in. */
  mucsJoined = 1;
  /** A restart mends its health. */
  restartHelps = true;
  /** The process is there. */
  running = true;
  /** Its REST interface answers. */
  answering = true;
  /** Status of the answer to a shutdown request. */
  shutdownStatus = 200;
  /** A granted request to shut down or to drain takes effect. */
  shutdownWorks = true;
  /** What was asked of it that changes anything, in order. */
  readonly requests: string[] = [];

  constructor(private readonly generation: Generation) {}

  private readonly doubles = mkdtempSync(join(tmpdir(), 'bridges-stub-'));
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      if (status === 0) response.destroy();
      else response.writeHead(status).end(JSON.stringify(body));
    });
  });

  async listen(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    // The script's systemctl asks this stub.
    const systemctl = join(this.doubles, 'systemctl');
    writeFileSync(
      systemctl,
      `#!/bin/bash\ncurl -sf -o /dev/null -X POST "${this.url}/systemctl/$1/\${!#}"\n`,
    );
    const aws = join(this.doubles, 'aws');
    writeFileSync(aws, `#!/bin/bash\ncurl -sf -o /dev/null --data-raw "$*" "${this.url}/aws"\n`);
    for (const double of [systemctl, aws]) chmodSync(double, 0o755);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.doubles, { recursive: true });
  }

  /** Runs `bridge.sh` with these arguments. */
  async ask(...args: string[]): Promise<Outcome> {
    const child = this.start('bridge.sh', args, 90);
    const [stdout, stderr, [exitCode]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);
    return { exitCode, stdout, stderr };
  }

  /**
   * Runs `watchdog.sh` with a look every 0.1 s until it has said something, or for some seconds;
   * what it said.
   */
  async watch(until: { text: string } | { seconds: number }): Promise<string> {
    const child = this.start('watchdog.sh', [], 'seconds' in until ? until.seconds : 50);
    let said = '';
    child.stdout.on('data', (data: Buffer) => {
      said += data.toString();
      if ('text' in until && said.includes(until.text)) child.kill();
    });
    await once(child, 'close');
    return said;
  }

  private start(
    program: string,
    args: readonly string[],
    seconds: number,
  ): ChildProcessByStdio<null, Readable, Readable> {
    return spawn(`userdata/bridge/${program}`, args, {
      env: {
        ...process.env,
        PATH: `${this.doubles}:${process.env['PATH'] ?? ''}`,
        BRIDGES_GENERATION: this.generation,
        BRIDGES_FLEET: 'main',
        BRIDGES_REGION: 'us-east-1',
        BRIDGES_PARAMETERS: '/jitsi-bridges/main',
        BRIDGES_HOST_NAMESPACE: 'JitsiBridges/Hosts',
        // Where nobody listens as Prosody would.
        BRIDGES_SERVER_ADDRESS: '127.254.0.1',
        BRIDGES_REST_URL: this.url,
        // No instance and no secret: it restarts with the one it has.
        BRIDGES_IMDS_URL: `${this.url}/latest`,
        BRIDGES_WATCH_SECONDS: '0.1',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
    });
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body?: object }> {
    const route = `${request.method ?? ''} ${request.url ?? ''}`;
    if (route === `POST /systemctl/is-active/${units[this.generation]}`) {
      return { status: this.running ? 200 : 503 };
    }
    if (route === `POST /systemctl/restart/${units[this.generation]}`) {
      this.requests.push('restart');
      Object.assign(this, { running: true, answering: true });
      Object.assign(this, { gracefulShutdown: false, drain: false });
      if (this.restartHelps) this.healthy = true;
      return { status: 200 };
    }
    if (route === `POST /systemctl/stop/${units[this.generation]}`) {
      this.requests.push('stop');
      Object.assign(this, { running: false, answering: false });
      return { status: 200 };
    }
    if (route === 'POST /aws') {
      const words = await text(request);
      if (!words.includes('put-metric-data')) return { status: 404 };
      this.requests.push(`aws ${words}`);
      return { status: 200 };
    }
    if (!this.answering) return { status: 0 };
    switch (route) {
      case 'GET /about/health':
        return { status: this.healthy ? 200 : 500 };
      case 'GET /colibri/stats':
        return {
          status: 200,
          body: {
            conferences: this.conferences,
            participants: this.participants,
            graceful_shutdown: this.gracefulShutdown,
            bit_rate_download: 17,
            ...(this.generation === 'muc'
              ? { drain: this.drain, mucs_joined: this.mucsJoined }
              : {}),
          },
        };
      case 'POST /colibri/drain/enable':
      case 'POST /colibri/drain/disable':
        if (this.generation === 'component') return { status: 404 };
        this.requests.push(route);
        if (this.shutdownStatus === 200 && this.shutdownWorks)
          this.drain = route.endsWith('enable');
        return { status: this.shutdownStatus };
      case 'POST /colibri/shutdown':
        return { status: await this.shutDown(request) };
      default:
        return { status: 404 };
    }
  }

  private async shutDown(request: IncomingMessage): Promise<number> {
    const body = await text(request);
    this.requests.push(`shutdown ${request.headers['content-type'] ?? ''} ${body}`);
    if (this.shutdownStatus === 200 && this.shutdownWorks) this.gracefulShutdown = true;
    return this.shutdownStatus;
  }
}
