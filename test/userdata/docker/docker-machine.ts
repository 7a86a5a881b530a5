import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { buildJicofo } from '../../../local/jitsi/jicofo/build';
import { buildVideobridge2 } from '../../../local/jitsi/videobridge2/build';
import { removeControlGroups } from '../../../local/machines/control-groups';
import { rootFileSystem, type Suite } from '../../../local/machines/root-file-system';
import { initOf, runInside, type RunResult } from '../machine-process';

const repository = resolve(__dirname, '../../..');

export const serverAddress = '10.213.0.10';
/** A host of the VPC beside the server: in it connections come from outside. */
export const outsideAddress = '10.213.0.20';

/** How images lay out their files: before August 2026, and since. */
export type ImageLayout = 'classic' | 'rootless';

/** Environment that the SSM documents give the scripts. */
export const dockerEnvironment = {
  BRIDGES_FLEET: 'local',
  BRIDGES_DOMAIN: '',
  BRIDGES_GENERATION: 'muc',
  BRIDGES_SERVER_KIND: 'docker',
  BRIDGES_COMPOSE_PROJECT: '',
  BRIDGES_BREWERY: '',
  BRIDGES_REGION: 'us-east-1',
  BRIDGES_PARAMETERS: '/jitsi-bridges/local',
  BRIDGES_STATS_NODE: 'sharedStatsNode',
  BRIDGES_COLLECTOR_USER: 'bridges-collector',
  BRIDGES_SERVER_ADDRESS: serverAddress,
} as const;

/**
 * A host on which docker-jitsi-meet runs, with the product's files in place: a machine of its own
 * until closed.
 */
export class DockerMachine {
  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly init: number,
    private readonly programs: string,
    private readonly controlGroup: string,
  ) {}

  /**
   * @param suite the host's Docker and Compose
   * @param layout the images
   */
  static async start(
    suite: Extract<Suite, `docker${string}`>,
    layout: ImageLayout,
  ): Promise<DockerMachine> {
    if (process.getuid?.() !== 0)
      throw new Error('this test runs a machine of its own: run it as root');
    const bases = { rootless: folderOf('trixie'), classic: folderOf('bookworm') };
    const programs = mkdtempSync(join(tmpdir(), 'jitsi-programs-'));
    await buildJicofo(join(programs, 'jicofo.js'));
    await buildVideobridge2(join(programs, 'jvb.js'));
    const machine = spawn(
      resolve(__dirname, 'machine.sh'),
      [
        folderOf(suite),
        serverAddress,
        `${process.execPath}:/opt/local/node`,
        `${resolve(repository, 'local/jitsi/docker')}:/opt/local/jitsi-docker`,
        `${programs}:/opt/local/jitsi-programs`,
        `${bases[layout]}:/opt/local/base-${layout}`,
      ],
      { env: { PATH: process.env['PATH'] } },
    );
    machine.stderr.pipe(process.stderr);
    const init = await initOf(machine);
    const controlGroup = `/jitsi-bridges-${String(machine.pid)}`;
    const server = new DockerMachine(machine, init, programs, controlGroup);
    server.installProduct();
    return server;
  }

  /** Namespaces and root, as options of nsenter. */
  enter(...namespaces: readonly string[]): string[] {
    return ['-t', String(this.init), ...namespaces];
  }

  run(
    command: string,
    input = '',
    environment: Readonly<Record<string, string>> = dockerEnvironment,
  ): RunResult {
    return runInside(
      [...this.enter('-m', '-n', '-p', '-u', '-i', '-r', '-w'), 'bash', '-c', command],
      input,
      { HOME: '/root', ...environment },
    );
  }

  /** Standard output of a command that must succeed. */
  output(command: string, input = ''): string {
    const { exitCode, stdout, stderr } = this.run(command, input);
    if (exitCode !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Makes images and a project that runs, as an operator has it. */
  installProject(
    layout: ImageLayout,
    {
      folder = '/root/docker-jitsi-meet',
      config = '/root/.jitsi-meet-cfg',
      settings = [] as readonly string[],
    } = {},
  ): void {
    const words = [layout, folder, ...settings].map((word) => `'${word}'`).join(' ');
    this.output(
      `DOCKER_CGROUP=${this.controlGroup} CONFIG_FOLDER='${config}' /opt/local/jitsi-docker/install.sh ${words}`,
    );
  }

  /** A host of the VPC beside this one, from which connections come as bridges' do. */
  outside(): { output: (command: string) => string; enter: () => string[] } {
    this.output(`ip netns list | grep -w outside >/dev/null || {
      ip netns add outside
      ip link add to-outside type veth peer name eth0 netns outside
      ip link set to-outside master vpc up
      ip -n outside address add ${outsideAddress}/16 dev eth0
      ip -n outside link set eth0 up
      ip -n outside link set lo up
    }`);
    return {
      output: (command) => this.output(command),
      enter: () => [`--net=/proc/${String(this.init)}/root/run/netns/outside`],
    };
  }

  put(source: string, destination: string, mode: string): void {
    const content = readFileSync(resolve(repository, source), 'utf8');
    this.output(
      `mkdir -p "$(dirname ${destination})" && cat >${destination} && chmod ${mode} ${destination}`,
      content,
    );
  }

  async close(): Promise<void> {
    this.run('docker rm -f $(docker ps -aq) >/dev/null 2>&1');
    const gone = once(this.process, 'exit');
    this.process.stdin.end();
    await gone;
    rmSync(this.programs, { recursive: true, force: true });
    removeControlGroups(this.controlGroup);
  }

  private installProduct(): void {
    this.put('test/userdata/server/fake-aws', '/usr/local/bin/aws', '755');
    const server = resolve(repository, 'userdata/server');
    for (const name of readdirSync(server)) {
      if (/\.(sh|lua)$/.test(name)) {
        const below = name.startsWith('mod_') ? 'prosody/' : '';
        this.put(`userdata/server/${name}`, `/opt/jitsi-bridges/${below}${name}`, '755');
      }
    }
    for (const below of ['lib', 'lua'])
      for (const name of readdirSync(join(server, below)))
        this.put(`userdata/server/${below}/${name}`, `/opt/jitsi-bridges/${below}/${name}`, '644');
  }
}

function folderOf(suite: Suite): string {
  const folder = resolve(repository, rootFileSystem(suite));
  if (existsSync(folder)) return folder;
  throw new Error(`no root file system in ${folder}: scripts/install-root-file-system makes it`);
}
