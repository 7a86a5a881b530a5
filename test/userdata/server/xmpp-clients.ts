import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';

import { domain, serverAddress, type ServerMachine } from './server-machine';

/** `[name, attributes, ...children]` */
export type XmlTree = readonly [string, Readonly<Record<string, string>>, ...XmlTree[]];

export type DriverCommand =
  | { do: 'component'; name: string; host: string; domain: string; password: string }
  | {
      do: 'client';
      name: string;
      host: string;
      domain: string;
      account: { username?: string; password?: string };
    }
  | { do: 'request'; name: string; iq: XmlTree }
  | { do: 'join'; name: string; room: string; nickname: string }
  | {
      do: 'keep component';
      name: string;
      host: string;
      domain: string;
      node: string;
      password: string;
    }
  | {
      do: 'keep client';
      name: string;
      host: string;
      domain: string;
      password: string;
      room: string;
    }
  | { do: 'kept' }
  | { do: 'talk'; names: readonly string[]; periodMs: number }
  | { do: 'hush'; names: readonly string[] }
  | { do: 'observe'; name: string };

/** Who is in a room, as the room shows it. */
export interface Occupant {
  readonly nickname: string;
  /** Real address, empty where the room hides it. */
  readonly jid: string;
}

/** A bridge that comes back by itself. */
export interface BridgeState {
  readonly name: string;
  /** Reports that were taken, since it was started. */
  readonly reports: number;
  /** It was refused once, and is silent since. */
  readonly refused: boolean;
}

export interface DriverReply {
  readonly ok: boolean;
  /** XMPP error condition when not ok. */
  readonly condition?: string;
  /** Full address of a session. */
  readonly jid?: string;
  readonly itemIds?: readonly string[];
  readonly disconnects?: number;
  readonly occupants?: readonly Occupant[];
  readonly bridges?: readonly BridgeState[];
  readonly sent?: number;
  readonly received?: number;
}

const pubsub = 'http://jabber.org/protocol/pubsub';
export const node = 'sharedStatsNode';
/** As Prosody writes it. */
export const room = `jvbbrewery@internal.auth.${domain}`;

/** What a server's hosts are called, and how its certificates are read on it. */
export interface ServerHosts {
  readonly domain: string;
  readonly authHost: string;
  readonly room: string;
  readonly certificates: string;
}

const packageHosts: ServerHosts = {
  domain,
  authHost: `auth.${domain}`,
  room,
  certificates: 'cat /etc/prosody/certs/*.crt',
};

/** XMPP sessions in the machine's own network; each is known by a name. */
export class XmppClients {
  private readonly answers: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    lines: Interface,
    private readonly folder: string,
    private readonly hosts: ServerHosts,
  ) {
    this.answers = lines[Symbol.asyncIterator]();
  }

  /** Trusts exactly the certificates that the server's packages made. */
  static start(
    machine: Pick<ServerMachine, 'output' | 'enter'>,
    hosts: ServerHosts = packageHosts,
  ): XmppClients {
    const folder = mkdtempSync(join(tmpdir(), 'xmpp-clients-'));
    const trusted = join(folder, 'certificates.pem');
    writeFileSync(trusted, machine.output(hosts.certificates));
    const driver = resolve(__dirname, 'xmpp-driver.ts');
    const program = [process.execPath, '--import', 'tsx', driver];
    const child = spawn('nsenter', [...machine.enter('-n'), ...program], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted },
    });
    child.stderr.pipe(process.stderr);
    return new XmppClients(child, createInterface({ input: child.stdout }), folder, hosts);
  }

  component(name: string, password: string): Promise<DriverReply> {
    return this.execute({
      do: 'component',
      name,
      host: serverAddress,
      domain: `${name}.${domain}`,
      password,
    });
  }

  guest(name: string): Promise<DriverReply> {
    return this.execute({
      do: 'client',
      name,
      host: serverAddress,
      domain: this.hosts.domain,
      account: {},
    });
  }

  account(username: string, password: string): Promise<DriverReply> {
    const account = { username, password };
    return this.execute({
      do: 'client',
      name: username,
      host: serverAddress,
      domain: this.hosts.authHost,
      account,
    });
  }

  create(name: string): Promise<DriverReply> {
    return this.set(name, ['pubsub', { xmlns: pubsub }, ['create', { node }]]);
  }

  /**
   * `namespace` is that of the publish element and its item, which an honest client never changes.
   */
  publish(name: string, itemId: string | undefined, namespace = pubsub): Promise<DriverReply> {
    const id: Readonly<Record<string, string>> = itemId === undefined ? {} : { id: itemId };
    const stats: XmlTree = ['stats', { xmlns: 'http://jitsi.org/protocol/colibri' }];
    return this.set(name, [
      'pubsub',
      { xmlns: pubsub },
      ['publish', { node, xmlns: namespace }, ['item', { ...id, xmlns: namespace }, stats]],
    ]);
  }

  subscribe(name: string, jid: string): Promise<DriverReply> {
    return this.set(name, ['pubsub', { xmlns: pubsub }, ['subscribe', { node, jid }]]);
  }

  join(name: string, nickname = name, into = this.hosts.room): Promise<DriverReply> {
    return this.execute({ do: 'join', name, room: into, nickname });
  }

  request(name: string, iq: XmlTree): Promise<DriverReply> {
    return this.execute({ do: 'request', name, iq });
  }

  /** A bridge that reports by pubsub each second, and comes back when it is cut off. */
  keepComponent(name: string, password: string): Promise<DriverReply> {
    const host = serverAddress;
    return this.execute({
      do: 'keep component',
      name,
      host,
      domain: `${name}.${domain}`,
      node,
      password,
    });
  }

  /** A bridge that reports by presence in the room, and comes back when it is cut off. */
  keepClient(name: string, password: string): Promise<DriverReply> {
    const host = serverAddress;
    return this.execute({
      do: 'keep client',
      name,
      host,
      domain: this.hosts.authHost,
      password,
      room: this.hosts.room,
    });
  }

  async kept(): Promise<readonly BridgeState[]> {
    return (await this.execute({ do: 'kept' })).bridges ?? [];
  }

  /**
   * Lets sessions talk in a ring: each to the next, until `hush`, which tells what was sent,
   * received and lost.
   */
  talk(names: readonly string[], periodMs: number): Promise<DriverReply> {
    return this.execute({ do: 'talk', names, periodMs });
  }

  hush(names: readonly string[]): Promise<DriverReply> {
    return this.execute({ do: 'hush', names });
  }

  observe(name: string): Promise<DriverReply> {
    return this.execute({ do: 'observe', name });
  }

  close(): void {
    this.process.stdin.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Closes, and waits until no session is left. */
  async closed(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.close();
    await gone;
  }

  private set(name: string, child: XmlTree): Promise<DriverReply> {
    return this.execute({ do: 'request', name, iq: ['iq', { type: 'set', to: domain }, child] });
  }

  private async execute(command: DriverCommand): Promise<DriverReply> {
    this.process.stdin.write(`${JSON.stringify(command)}\n`);
    const answer = await this.answers.next();
    if (answer.done === true) throw new Error('the XMPP clients ended');
    return JSON.parse(answer.value) as DriverReply;
  }
}
