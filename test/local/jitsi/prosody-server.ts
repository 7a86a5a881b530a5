import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../../eventually';

export const domain = 'meet.test';
export const focusPassword = 'focus-password';
const modules = resolve(__dirname, '../../../userdata/server');

export interface ProsodyHosts {
  /** Components that may publish. The secret of each is `<name>-secret`. */
  readonly bridges: readonly string[];
  /** Components that may connect and nothing else. */
  readonly strangers?: readonly string[];
  /** Accounts on the auth host beside the focus; the password of each is `<name>-password`. */
  readonly accounts?: readonly string[];
  /** Accounts on the auth host with passwords of their own. */
  readonly passwords?: Readonly<Record<string, string>>;
  /**
   * `product`: our module holds node and rights. `tutorial`: bridges are admins, and the first one
   * makes the node.
   */
  readonly rights?: 'product' | 'tutorial';
}

/** The machine's own Prosody in a directory of its own, on free loopback ports. */
export class ProsodyServer {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    readonly clientPort: number,
    readonly componentPort: number,
    private readonly ports: readonly number[],
  ) {}

  static async create(hosts: ProsodyHosts): Promise<ProsodyServer> {
    const directory = mkdtempSync(join(tmpdir(), 'prosody-test-'));
    const [clientPort, componentPort] = [await freePort(), await freePort()];
    const folder = join(directory, 'data/auth%2emeet%2etest/accounts');
    mkdirSync(folder, { recursive: true });
    const named = ['focus', ...(hosts.accounts ?? [])].map((name) => [name, `${name}-password`]);
    for (const [name = '', password] of [...named, ...Object.entries(hosts.passwords ?? {})]) {
      const file = join(folder, `${name.replaceAll('-', '%2d')}.dat`);
      writeFileSync(file, `return { password = "${password}" };\n`);
    }
    for (const host of [domain, `auth.${domain}`]) makeCertificate(directory, host);
    writeFileSync(
      join(directory, 'prosody.cfg.lua'),
      configuration({ directory, clientPort, componentPort, ...hosts }),
    );
    // Without a component there is no port for them.
    const ports = hosts.bridges.length > 0 ? [clientPort, componentPort] : [clientPort];
    const server = new ProsodyServer(directory, clientPort, componentPort, ports);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const config = join(this.directory, 'prosody.cfg.lua');
    this.process = spawn('timeout', ['-k', '2', '1800', 'prosody', '-F', '--config', config], {
      stdio: 'ignore',
      detached: true,
    });
    for (const port of this.ports) await untilOpen(port);
  }

  /** In good order: each stream ends with `system-shutdown` and is closed. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  /** No stream is closed in good order. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { process: running } = this;
    this.process = undefined;
    if (running?.pid === undefined) return;
    const gone = new Promise((done) => running.once('exit', done));
    process.kill(-running.pid, signal);
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get authCertificate(): string {
    return readFileSync(join(this.directory, `auth.${domain}.crt`), 'utf8');
  }
}

interface ConfigurationOptions extends ProsodyHosts {
  readonly directory: string;
  readonly clientPort: number;
  readonly componentPort: number;
}

const ourModule = `Component "test.jitsi-bridges.invalid" "jitsi_bridges_loader"
  jitsi_bridges_host = "${domain}"
  jitsi_bridges_modules = { "pubsub", "jitsi_bridges" }
  jitsi_bridges_members = { "focus@auth.${domain}" }`;

function configuration(options: ConfigurationOptions): string {
  const { directory, clientPort, componentPort, bridges, strangers = [] } = options;
  const { rights = 'product' } = options;
  const mainHost = {
    product: '',
    tutorial: `modules_enabled = { "pubsub" }
  admins = { ${bridges.map((name) => `"${name}.${domain}"`).join(', ')} }`,
  };
  const component = (name: string, mark: string) =>
    `Component "${name}.${domain}"\n  component_secret = "${name}-secret"\n  ${mark}\n`;
  const tls = (host: string) =>
    `ssl = { key = "${directory}/${host}.key"; certificate = "${directory}/${host}.crt" }`;
  return `
run_as_root = true
data_path = "${directory}/data"
pidfile = "${directory}/prosody.pid"
plugin_paths = { "${modules}" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${clientPort} }
component_ports = { ${componentPort} }
s2s_ports = {} http_ports = {} https_ports = {}
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping" }
modules_disabled = { "s2s" }
log = { info = "${directory}/prosody.log" }
VirtualHost "${domain}"
  authentication = "anonymous"
  ${mainHost[rights]}
  ${tls(domain)}
VirtualHost "auth.${domain}"
  authentication = "internal_plain"
  ${tls(`auth.${domain}`)}
Component "internal.auth.${domain}" "muc"
  storage = "memory"
  muc_room_locking = false
  muc_room_default_public_jids = true
${rights === 'product' ? ourModule : ''}
${bridges.map((name) => component(name, 'jitsi_bridge = true')).join('')}
${strangers.map((name) => component(name, '')).join('')}
`;
}

function makeCertificate(directory: string, host: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${host}`],
      ...['-addext', `subjectAltName=DNS:${host}`],
      ...['-keyout', join(directory, `${host}.key`), '-out', join(directory, `${host}.crt`)],
    ],
    { stdio: 'ignore' },
  );
}

/** A loopback port that is free just now. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });
}

async function untilOpen(port: number): Promise<void> {
  await eventually(
    () =>
      new Promise<boolean>((done) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          done(true);
        });
        socket.once('error', () => done(false));
      }),
  );
}
