import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
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
  | { do: 'observe'; name: string };

export interface DriverReply {
  readonly ok: boolean;
  /** XMPP error condition when not ok. */
  readonly condition?: string;
  /** Full address of a session. */
  readonly jid?: string;
  readonly itemIds?: readonly string[];
  readonly disconnects?: number;
}

const pubsub = 'http://jabber.org/protocol/pubsub';
export const node = 'sharedStatsNode';

/** XMPP sessions in the machine's own network; each is known by a name. */
export class XmppClients {
  private readonly answers: AsyncIterator<string>;

  private constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    lines: Interface,
    private readonly folder: string,
  ) {
    this.answers = lines[Symbol.asyncIterator]();
  }

  /** Trusts exactly the certificates that the server's packages made. */
  static start(machine: ServerMachine): XmppClients {
    const folder = mkdtempSync(join(tmpdir(), 'xmpp-clients-'));
    const trusted = join(folder, 'certificates.pem');
    writeFileSync(trusted, machine.output('cat /etc/prosody/certs/*.crt'));
    const driver = resolve(__dirname, 'xmpp-driver.ts');
    const program = [process.execPath, '--import', 'tsx', driver];
    const child = spawn('nsenter', [...machine.enter('-n'), ...program], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: trusted },
    });
    child.stderr.pipe(process.stderr);
    return new XmppClients(child, createInterface({ input: child.stdout }), folder);
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
    return this.execute({ do: 'client', name, host: serverAddress, domain, account: {} });
  }

  account(username: string, password: string): Promise<DriverReply> {
    const account = { username, password };
    return this.execute({
      do: 'client',
      name: username,
      host: serverAddress,
      domain: `auth.${domain}`,
      account,
    });
  }

  create(name: string): Promise<DriverReply> {
    return this.set(name, ['pubsub', { xmlns: pubsub }, ['create', { node }]]);
  }

  /** `namespace` is that of the publish element and its item, which an honest client never changes. */
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

  observe(name: string): Promise<DriverReply> {
    return this.execute({ do: 'observe', name });
  }

  close(): void {
    this.process.stdin.end();
    rmSync(this.folder, { recursive: true });
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
