import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { rootFileSystem, type Suite } from '../../../local/machines/root-file-system';
import { initOf, runInside, type RunResult } from '../machine-process';

const repository = resolve(__dirname, '../../..');

export const serverAddress = '10.213.0.10';
export const domain = 'meet.test';

/**
 * What Jitsi Meet's packages of a time leave, in `test/fixtures/server`; or what the embedded
 * cloud has.
 */
export type Layout = '2019' | '2021' | 'today' | 'local';

/** Environment that the SSM documents give the scripts. */
export const scriptEnvironment = {
  BRIDGES_FLEET: 'local',
  BRIDGES_DOMAIN: domain,
  BRIDGES_GENERATION: 'component',
  BRIDGES_REGION: 'us-east-1',
  BRIDGES_PARAMETERS: '/jitsi-bridges/local',
  BRIDGES_STATS_NODE: 'sharedStatsNode',
  BRIDGES_COLLECTOR_USER: 'bridges-collector',
  BRIDGES_SERVER_ADDRESS: serverAddress,
};

/** The same for a fleet of bridges that are clients. */
export const mucEnvironment = {
  ...scriptEnvironment,
  BRIDGES_GENERATION: 'muc',
  BRIDGES_BREWERY: `JvbBrewery@internal.auth.${domain}`,
};

/**
 * Server A as Jitsi Meet's packages leave it, with the product's files in place: a machine of its
 * own until closed.
 */
export class ServerMachine {
  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly init: number,
  ) {}

  /** `suite` picks the Prosody: bullseye has 0.11, bookworm 0.12, trixie 13. */
  static async start(suite: Suite = 'bookworm', layout: Layout = 'local'): Promise<ServerMachine> {
    const rootfs = resolve(repository, rootFileSystem(suite));
    if (process.getuid?.() !== 0)
      throw new Error('this test runs a machine of its own: run it as root');
    if (!existsSync(rootfs)) {
      throw new Error(
        `no root file system in ${rootfs}: scripts/install-root-file-system makes it`,
      );
    }
    const machine = spawn(resolve(__dirname, 'machine.sh'), [rootfs, serverAddress], {
      env: { PATH: process.env['PATH'] },
    });
    const server = new ServerMachine(machine, await initOf(machine));
    server.install(layout);
    return server;
  }

  /** The namespaces, as options of nsenter. */
  enter(...namespaces: readonly string[]): string[] {
    return ['-t', String(this.init), ...namespaces];
  }

  run(
    command: string,
    input = '',
    environment: Readonly<Record<string, string>> = scriptEnvironment,
  ): RunResult {
    const inside = ['chroot', '/mnt/root', 'bash', '-c', command];
    return runInside([...this.enter('-m', '-n', '-p'), ...inside], input, environment);
  }

  /** Standard output of a command that must succeed. */
  output(command: string, input = ''): string {
    const { exitCode, stdout, stderr } = this.run(command, input);
    if (exitCode !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Until it answers on the client port. */
  startProsody(): void {
    this.output(
      "systemctl start prosody; timeout 30 sh -c 'until ss -ltnH sport = 5222 | grep -q LISTEN; do sleep 0.1; done'",
    );
  }

  put(source: string, destination: string, mode: string): void {
    const content = readFileSync(resolve(repository, source), 'utf8');
    this.output(
      `mkdir -p "$(dirname ${destination})" && cat >${destination} && chmod ${mode} ${destination}`,
      content,
    );
  }

  async close(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.stdin.end();
    await gone;
  }

  private installLayout(layout: Exclude<Layout, 'local'>): void {
    const folder = resolve(repository, 'test/fixtures/server', layout);
    const archive = spawnSync('tar', ['-c', '-C', folder, '.'], { encoding: 'latin1' }).stdout;
    this.put('test/userdata/server/install-layout.sh', '/tmp/install-layout.sh', '755');
    this.output('/tmp/install-layout.sh', archive);
  }

  private install(layout: Layout): void {
    this.put('test/userdata/server/fake-aws', '/usr/local/bin/aws', '755');
    this.put('test/userdata/server/fake-systemctl', '/usr/local/bin/systemctl', '755');
    if (layout === 'local') {
      this.put('local/jitsi/server-a/install.sh', '/tmp/install.sh', '755');
      this.output(`/tmp/install.sh ${domain}`);
    } else {
      this.installLayout(layout);
    }
    const scripts = ['prepare.sh', 'sync.sh', 'prosody-accounts.lua', 'prosody-running.lua'];
    const parts = ['lib', 'lua'].flatMap((folder) =>
      readdirSync(resolve(repository, 'userdata/server', folder)).map(
        (name) => `${folder}/${name}`,
      ),
    );
    for (const file of [...scripts, ...parts]) {
      this.put(`userdata/server/${file}`, `/opt/jitsi-bridges/${file}`, '755');
    }
    for (const name of ['', '_loader', '_brewery']) {
      const module = `mod_jitsi_bridges${name}.lua`;
      this.put(`userdata/server/${module}`, `/opt/jitsi-bridges/prosody/${module}`, '644');
    }
  }
}
