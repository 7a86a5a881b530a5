import { eventually } from '../../eventually';
import type {
  CommandRequest,
  CommandResult,
  MachineSpec,
} from '../../../local/machines/machine-host';
import { startInNamespace, type RunningNamespace } from '../../../local/namespace/launcher';
import type { Knock } from './fake-component-port';

export interface SecretRead {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly name: string;
  readonly found: boolean;
}

/** All that shows of a machine from outside it. */
export interface Observation {
  readonly console: string;
  readonly poweredOff: boolean;
  readonly secretReads: readonly SecretRead[];
  /** Forms of `PutMetricData`, with its own names for the fields. */
  readonly measured: readonly Readonly<Record<string, string>>[];
  readonly knocks: readonly Knock[];
  readonly refusedMetadata: readonly string[];
}

export type BootCall =
  | { method: 'fingerprint' }
  | { method: 'launch'; spec: MachineSpec; metadata: Record<string, string> }
  | { method: 'putSecret'; name: string; value: string }
  | { method: 'startProsody'; user: string; password: string }
  | { method: 'tag'; address: string; key: string; value: string }
  | { method: 'run'; request: CommandRequest }
  | { method: 'terminate'; instanceId: string }
  | { method: 'observe'; instanceId: string };

/** Drives `boot-world.ts` from outside its namespaces. */
export class BootClient {
  private constructor(
    readonly namespace: RunningNamespace,
    private readonly url: string,
  ) {}

  static async start(): Promise<BootClient> {
    let output = '';
    const namespace = await startInNamespace({
      program: 'test/userdata/bridge/boot-world.ts',
      forwards: [{ name: 'control', target: { host: '127.0.0.1', port: 9000 } }],
      onOutput: (text) => (output += text),
    });
    const client = new BootClient(namespace, `http://127.0.0.1:${namespace.ports.get('control')}`);
    const ended = namespace.exited.then(({ exitCode }) => {
      throw new Error(`the test's world ended with ${exitCode}: ${output}`);
    });
    ended.catch(() => undefined);
    const ready = eventually(async () => (await client.fingerprint()) !== '');
    await Promise.race([ready, ended]);
    return client;
  }

  fingerprint(): Promise<string> {
    return this.call({ method: 'fingerprint' }) as Promise<string>;
  }

  async launch(spec: MachineSpec, metadata: Record<string, string>): Promise<void> {
    await this.call({ method: 'launch', spec, metadata });
  }

  async putSecret(name: string, value: string): Promise<void> {
    await this.call({ method: 'putSecret', name, value });
  }

  /** A real Prosody with one account more, its certificate where bridges look for it. */
  async startProsody(user: string, password: string): Promise<void> {
    await this.call({ method: 'startProsody', user, password });
  }

  async tag(address: string, key: string, value: string): Promise<void> {
    await this.call({ method: 'tag', address, key, value });
  }

  async run(instanceId: string, script: string, timeoutSeconds = 90): Promise<CommandResult> {
    const request: CommandRequest = { instanceId, script, timeoutSeconds };
    return (await this.call({ method: 'run', request })) as CommandResult;
  }

  async terminate(instanceId: string): Promise<void> {
    await this.call({ method: 'terminate', instanceId });
  }

  async observe(instanceId: string): Promise<Observation> {
    return (await this.call({ method: 'observe', instanceId })) as Observation;
  }

  /** Waits until a machine's console has a text, or throws with what it has instead. */
  async console(instanceId: string, text: string): Promise<void> {
    const seen = async () => (await this.observe(instanceId)).console;
    await eventually(async () => (await seen()).includes(text)).catch(async () => {
      throw new Error(`no "${text}" on the console, which has:\n${await seen()}`);
    });
  }

  private async call(call: BootCall): Promise<unknown> {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify(call) });
    const reply = (await response.json()) as { value?: unknown; error?: string };
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  }
}
