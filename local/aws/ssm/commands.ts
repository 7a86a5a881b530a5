export type InvocationStatus =
  'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled' | 'Undeliverable';

/** One command on one instance. */
export interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly comment: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly pluginName: string;
  readonly requestedAt: Date;
  status: InvocationStatus;
  /** Where they say more than the status. */
  statusDetails?: 'Delivery Timed Out';
  startedAt?: Date;
  endedAt?: Date;
  /** -1 until the script has ended. */
  responseCode: number;
  stdout: string;
  stderr: string;
}

/** Commands that are kept; AWS keeps them 30 days. */
const keptInvocations = 5000;

/** The account's commands, oldest first. */
export class CommandStore {
  private invocations: Invocation[] = [];

  add(invocation: Invocation): void {
    this.invocations.push(invocation);
    if (this.invocations.length > keptInvocations) {
      this.invocations = this.invocations.slice(-keptInvocations);
    }
  }

  find(commandId: string, instanceId: string): Invocation | undefined {
    return this.invocations.find((i) => i.commandId === commandId && i.instanceId === instanceId);
  }

  all(): readonly Invocation[] {
    return this.invocations;
  }
}
