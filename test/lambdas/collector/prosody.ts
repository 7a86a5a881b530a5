import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { certificateFingerprint } from '../../../lambdas/adapters/xmpp/pinned-certificate';

const run = promisify(execFile);

export const domain = 'meet.test';

/** A Prosody of its own: config, data and ports of one test, on loopback. */
export interface TestProsody {
  readonly clientPort: number;
  readonly componentPort: number;
  /** SHA-256 of the certificate of `auth.<domain>`. */
  readonly fingerprint: string;
  readonly log: () => Promise<string>;
  stop(): Promise<void>;
}

export interface ProsodyOptions {
  readonly password: string;
  /** Component names with their secrets; each may publish. */
  readonly components: Readonly<Record<string, string>>;
  readonly tls: 'offered' | 'stripped';
  /** Who holds the stats node: the first bridge that comes, as without us, or our module. */
  readonly node: 'firstBridge' | 'ourModule';
  /** Whether our module lets the collector's account read. */
  readonly members?: 'withAccount' | 'withoutAccount';
  /** Accounts on `auth.<domain>` beside the collector's, with their passwords. */
  readonly accounts?: Readonly<Record<string, string>>;
  /**
   * Rooms on `internal.auth.<domain>`, with the addresses of who is in them shown to all or not.
   */
  readonly rooms?: 'open' | 'hidingAddresses';
}

export async function startProsody(options: ProsodyOptions): Promise<TestProsody> {
  const dir = await mkdtemp(join(tmpdir(), 'bridges-prosody-'));
  const [clientPort, componentPort] = [await freePort(), await freePort()];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
    ...['-subj', `/CN=auth.${domain}`, '-keyout', join(dir, 'auth.key')],
    ...['-out', join(dir, 'auth.crt')],
  ]);
  await chmod(join(dir, 'auth.key'), 0o600);
  const accounts = join(dir, 'data', `auth%2emeet%2etest`, 'accounts');
  await mkdir(accounts, { recursive: true });
  const passwords = { 'bridges-collector': options.password, ...options.accounts };
  for (const [name, password] of Object.entries(passwords))
    await writeFile(
      join(accounts, `${name.replaceAll('-', '%2d')}.dat`),
      `return { ["password"] = "${password}"; };\n`,
    );
  await writeFile(join(dir, 'prosody.cfg.lua'), config(dir, clientPort, componentPort, options));
  // Ends by itself, should the test be killed.
  const server = spawn(
    'timeout',
    ['-k', '5', '300', 'prosody', '-F', '--config', join(dir, 'prosody.cfg.lua')],
    {
      stdio: 'ignore',
    },
  );
  const log = () => readFile(join(dir, 'prosody.log'), 'utf8').catch(() => '');
  await listening(clientPort, log);
  // Without a component there is no port for them.
  if (Object.keys(options.components).length > 0) await listening(componentPort, log);
  const certificate = new X509Certificate(await readFile(join(dir, 'auth.crt')));
  return {
    clientPort,
    componentPort,
    fingerprint: certificateFingerprint(certificate.raw),
    log,
    stop: async () => {
      await ended(server);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function config(dir: string, clientPort: number, componentPort: number, options: ProsodyOptions) {
  const names = Object.keys(options.components).map((name) => `"${name}"`);
  return `
run_as_root = true
daemonize = false
pidfile = "${dir}/prosody.pid"
data_path = "${dir}/data"
interfaces = { "127.0.0.1" }
component_interface = "127.0.0.1"
c2s_ports = { ${clientPort} }
component_ports = { ${componentPort} }
s2s_ports = {}
http_ports = {}
https_ports = {}
log = { debug = "${dir}/prosody.log" }
storage = "internal"
plugin_paths = { "${join(__dirname, '../../../userdata/server')}" }
modules_enabled = { "saslauth"${options.tls === 'offered' ? '; "tls"' : ''} }
modules_disabled = { "s2s"${options.tls === 'offered' ? '' : '; "tls"'} }
${
  options.tls === 'offered'
    ? `ssl = { key = "${dir}/auth.key"; certificate = "${dir}/auth.crt" }`
    : 'c2s_require_encryption = false\nallow_unencrypted_plain_auth = true'
}
VirtualHost "${domain}"
  authentication = "anonymous"
${options.node === 'ourModule' ? '' : `  modules_enabled = { "pubsub" }\n  admins = { ${names.join('; ')} }`}
VirtualHost "auth.${domain}"
  authentication = "internal_hashed"
${options.rooms === undefined ? '' : rooms(options.rooms)}
${options.node === 'ourModule' ? ourModule(options) : ''}
${Object.entries(options.components)
  .map(
    ([name, secret]) =>
      `Component "${name}"\n  component_secret = "${secret}"\n  jitsi_bridge = true`,
  )
  .join('\n')}
`;
}

/** The component of internal rooms, as Jitsi's packages write it. */
function rooms(kind: 'open' | 'hidingAddresses'): string {
  return `Component "internal.auth.${domain}" "muc"
  storage = "memory"
  muc_room_locking = false
  muc_room_default_public_jids = ${kind === 'open'}`;
}

function ourModule({ members }: ProsodyOptions): string {
  const account = members === 'withAccount' ? `"bridges-collector@auth.${domain}"` : '';
  return `Component "test.jitsi-bridges.invalid" "jitsi_bridges_loader"
  jitsi_bridges_host = "${domain}"
  jitsi_bridges_modules = { "pubsub", "jitsi_bridges" }
  jitsi_bridges_members = { ${account} }`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number, log: () => Promise<string>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await pause(100);
  }
  throw new Error(`Prosody does not listen on ${port}:\n${await log()}`);
}

async function ended(server: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const stopped = await Promise.race([exit.then(() => true), pause(5000, false, { ref: false })]);
  if (!stopped) server.kill('SIGKILL');
}
