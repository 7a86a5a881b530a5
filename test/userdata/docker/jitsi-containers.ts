import type { RunResult } from '../machine-process';
import type { ServerHosts } from '../server/xmpp-clients';
import { dockerEnvironment, type DockerMachine, type ImageLayout } from './docker-machine';

/** What docker-jitsi-meet calls its hosts unless told otherwise. */
export const room = 'jvbbrewery@internal-muc.meet.jitsi';
export const authHost = 'auth.meet.jitsi';

/** Answer of prepare-docker.sh. */
export interface PrepareAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly changed?: readonly string[];
  readonly restartNeeded?: boolean;
  readonly server?: Readonly<Record<string, string>>;
  readonly publish?: {
    readonly published: boolean;
    readonly file?: string;
    readonly content?: string;
    readonly command?: string;
    readonly written?: boolean;
  };
}

/** One project of docker-jitsi-meet on a machine, as its operator and our documents handle it. */
export class JitsiContainers {
  constructor(
    private readonly machine: DockerMachine,
    private readonly layout: ImageLayout,
    readonly folder = '/root/docker-jitsi-meet',
  ) {}

  get configuration(): string {
    return this.layout === 'rootless' ? '/run/prosody/config' : '/config';
  }

  hosts(): ServerHosts {
    return {
      domain: 'meet.jitsi',
      authHost,
      room,
      certificates: `docker exec ${this.container()} sh -c 'cat ${this.configuration}/certs/*.crt'`,
    };
  }

  container(service = 'prosody'): string {
    const project = this.folder.split('/').at(-1) ?? '';
    const filters = [`service=${service}`, `project=${project}`]
      .map((label) => `--filter label=com.docker.compose.${label}`)
      .join(' ');
    return this.machine.output(`docker ps -aq ${filters}`).trim();
  }

  /** As the operator calls it in the project's folder. */
  compose(words: string): string {
    return this.machine.output(
      `cd ${this.folder}; if docker compose version >/dev/null 2>&1; then docker compose ${words}; else docker-compose ${words}; fi 2>&1`,
    );
  }

  prepare(
    words: string,
    environment: Readonly<Record<string, string>> = {},
  ): { answer: PrepareAnswer; told: string } {
    const { stdout, stderr } = this.run(
      `/opt/jitsi-bridges/prepare-docker.sh ${words}`,
      environment,
    );
    return { answer: JSON.parse(stdout) as PrepareAnswer, told: stderr };
  }

  sync(words = 'sync'): Readonly<Record<string, unknown>> {
    const { stdout } = this.run(`/opt/jitsi-bridges/sync.sh ${words}`, {});
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Answers of the admin shell. */
  shell(...lines: readonly string[]): string {
    return this.machine.output(
      `docker exec -i ${this.container()} prosodyctl --config ${this.configuration}/prosody.cfg.lua shell --quiet`,
      `${lines.join('\n')}\n`,
    );
  }

  /**
   * Until Prosody of this container hears clients, Jicofo is in the room, and the accounts are
   * there.
   */
  awaitJicofo(): void {
    this.machine.output(
      `for n in $(seq 3000); do docker logs ${this.container('jicofo')} 2>&1 | awk '/ in ${room}$/ { there = 1 } /not connected|connection lost/ { there = 0 } END { exit !there }' && exit 0; sleep 0.2; done; exit 1`,
    );
  }

  /** Names, owners, modes and contents of all that is the operator's. */
  footprint(): string {
    return this.machine.output(
      `cd /root; find . -path ./.jitsi-meet-cfg/storage -prune -o -path '*/config/data' -prune -o -printf '%M %u %g %p\\n' | sort;
       find . -type f -not -path './.jitsi-meet-cfg/storage/*' -not -path '*/config/data/*' -exec sha256sum {} + | sort`,
    );
  }

  private run(command: string, environment: Readonly<Record<string, string>>): RunResult {
    return this.machine.run(command, '', { ...dockerEnvironment, ...environment });
  }
}
