import type { CommandRequest, CommandResult, MachineHost, MachineSpec } from './machine-host';

/**
 * A host that boots nothing: commands are answered by a function, machines power off when told to.
 */
export class InstantHost implements MachineHost {
  private readonly consoles = new Map<string, string>();
  private readonly running = new Map<string, MachineSpec>();
  private readonly listeners: ((instanceId: string) => void)[] = [];

  /** @param answer what a command on a machine does; the default succeeds silently. */
  constructor(
    private readonly answer: (
      request: CommandRequest,
      machine: MachineSpec,
    ) => CommandResult | Promise<CommandResult> = () => ({ exitCode: 0, stdout: '', stderr: '' }),
  ) {}

  /** Machines that run, in the order of their launch. */
  get machines(): readonly MachineSpec[] {
    return [...this.running.values()];
  }

  launch(spec: MachineSpec): Promise<void> {
    if (this.consoles.has(spec.instanceId)) {
      return Promise.reject(new Error(`${spec.instanceId} exists already`));
    }
    this.running.set(spec.instanceId, spec);
    this.consoles.set(spec.instanceId, '');
    return Promise.resolve();
  }

  async run(request: CommandRequest): Promise<CommandResult> {
    const machine = this.running.get(request.instanceId);
    if (!machine) throw new Error(`${request.instanceId} is not running`);
    return this.answer(request, machine);
  }

  terminate(instanceId: string): Promise<void> {
    this.running.delete(instanceId);
    return Promise.resolve();
  }

  createImage(): Promise<void> {
    return Promise.resolve();
  }

  consoleOutput(instanceId: string): string {
    return this.consoles.get(instanceId) ?? '';
  }

  onPowerOff(listener: (instanceId: string) => void): void {
    this.listeners.push(listener);
  }

  /** Lets a machine write to its console. */
  print(instanceId: string, text: string): void {
    this.consoles.set(instanceId, this.consoleOutput(instanceId) + text);
  }

  /** Lets a machine power itself off. */
  powerOff(instanceId: string): void {
    if (!this.running.delete(instanceId)) return;
    for (const listener of this.listeners) listener(instanceId);
  }
}
