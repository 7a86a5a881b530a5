import { eventually } from '../../eventually';
import type {
  CommandRequest,
  CommandResult,
  MachineSpec,
} from '../../../local/machines/machine-host';
import { startInNamespace, type RunningNamespace } from '../../../local/namespace/launcher';

export type SandboxCall =
  | { method: 'launch'; spec: MachineSpec }
  | { method: 'run'; request: CommandRequest }
  | { method: 'terminate'; instanceId: string }
  | { method: 'consoleOutput'; instanceId: string }
  | { method: 'poweredOff' };

export type SandboxReply = { value?: unknown } | { error: string };

/** Drives the SandboxHost of `sandbox-program.ts` from outside its namespaces. */
export class SandboxClient {
  private constructor(
    readonly namespace: RunningNamespace,
    private readonly url: string,
  ) {}

  static async start(): Promise<SandboxClient> {
    let output = '';
    const namespace = await startInNamespace({
      program: 'test/local/machines/sandbox-program.ts',
      forwards: [{ name: 'control', target: { host: '127.0.0.1', port: 9000 } }],
      onOutput: (text) => (output += text),
    });
    const port = namespace.ports.get('control') ?? 0;
    const client = new SandboxClient(namespace, `http://127.0.0.1:${port}`);
    const ready = eventually(async () => {
      await client.call({ method: 'poweredOff' });
      return true;
    });
    const ended = namespace.exited.then(({ exitCode }) => {
      throw new Error(`the test program ended with ${exitCode}: ${output}`);
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
    return client;
  }

  async launch(spec: Partial<MachineSpec> & { instanceId: string }): Promise<void> {
    const full = { privateIpAddress: '10.213.1.1', userData: '', ...spec };
    await this.call({ method: 'launch', spec: full });
  }

  async run(instanceId: string, script: string, timeoutSeconds = 20): Promise<CommandResult> {
    const request: CommandRequest = { instanceId, script, timeoutSeconds };
    return (await this.call({ method: 'run', request })) as CommandResult;
  }

  async terminate(instanceId: string): Promise<void> {
    await this.call({ method: 'terminate', instanceId });
  }

  async consoleOutput(instanceId: string): Promise<string> {
    return (await this.call({ method: 'consoleOutput', instanceId })) as string;
  }

  async poweredOff(): Promise<string[]> {
    return (await this.call({ method: 'poweredOff' })) as string[];
  }

  private async call(call: SandboxCall): Promise<unknown> {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify(call) });
    const reply = (await response.json()) as SandboxReply;
    if ('error' in reply) throw new Error(reply.error);
    return reply.value;
  }
}
