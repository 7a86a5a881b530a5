import { startGateway, type Gateway } from '../../../local/aws/gateway';
import type {
  CommandRequest,
  CommandResult,
  MachineHost,
  MachineSpec,
} from '../../../local/machines/machine-host';

/** Machines that boot at once and answer every command with what the test says. */
export class FakeMachines implements MachineHost {
  readonly launched: MachineSpec[] = [];
  readonly terminated: string[] = [];
  readonly commands: CommandRequest[] = [];
  result: CommandResult = { exitCode: 0, stdout: 'done\n', stderr: '' };
  launchError: Error | undefined;
  private readonly listeners: ((instanceId: string) => void)[] = [];

  launch(spec: MachineSpec): Promise<void> {
    this.launched.push(spec);
    return this.launchError === undefined ? Promise.resolve() : Promise.reject(this.launchError);
  }

  run(request: CommandRequest): Promise<CommandResult> {
    this.commands.push(request);
    return Promise.resolve(this.result);
  }

  terminate(instanceId: string): Promise<void> {
    this.terminated.push(instanceId);
    return Promise.resolve();
  }

  consoleOutput(instanceId: string): string {
    return `console of ${instanceId}\n`;
  }

  onPowerOff(listener: (instanceId: string) => void): void {
    this.listeners.push(listener);
  }

  powerOff(instanceId: string): void {
    for (const listener of this.listeners) listener(instanceId);
  }
}

/** Client settings for a gateway. */
export function clientOf(gateway: Gateway) {
  return {
    endpoint: gateway.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
}

export async function startTestGateway(ministackUrl: string) {
  const machines = new FakeMachines();
  const gateway = await startGateway({ port: 0, ministackUrl, machines });
  return { machines, gateway };
}

/** Waits until `condition` holds, in real time. */
export async function until(condition: () => boolean, seconds = 5): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
