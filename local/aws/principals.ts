import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Socket } from 'node:net';
import { lambdaOfConnection } from './lambda-caller';

/** Who makes a call, by its access key; a deployed function by the process that the connection comes from. */
export class Principals {
  private readonly sessions = new Map<string, string>();
  private readonly functionRoles = new Map<string, Promise<string>>();
  private readonly connections = new WeakMap<Socket, Promise<string | undefined>>();

  constructor(
    private readonly accountId: string,
    private readonly lambda: LambdaClient,
  ) {}

  /** Remembers whose temporary credentials an access key belongs to. */
  register(accessKeyId: string, roleArn: string, sessionName: string): void {
    const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    this.sessions.set(accessKeyId, this.sessionArn(role, sessionName));
  }

  async of(accessKeyId: string, socket: Socket | undefined): Promise<string> {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined) return session;
    // ministack gives all functions the account's id as their access key.
    if (accessKeyId === this.accountId && socket !== undefined) {
      const known = this.connections.get(socket) ?? this.functionOf(socket);
      this.connections.set(socket, known);
      const arn = await known;
      if (arn !== undefined) return arn;
    }
    return `arn:aws:iam::${this.accountId}:user/${accessKeyId || 'anonymous'}`;
  }

  private async functionOf(socket: Socket): Promise<string | undefined> {
    const name = await lambdaOfConnection(socket.remotePort ?? 0, socket.localPort ?? 0);
    if (name === undefined) return undefined;
    const role = this.functionRoles.get(name) ?? this.roleOf(name);
    this.functionRoles.set(name, role);
    return this.sessionArn(await role, name);
  }

  private async roleOf(functionName: string): Promise<string> {
    const configuration = await this.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: functionName }),
    );
    const arn = configuration.Role ?? '';
    return arn.slice(arn.lastIndexOf('/') + 1);
  }

  private sessionArn(role: string, session: string): string {
    return `arn:aws:sts::${this.accountId}:assumed-role/${role}/${session}`;
  }
}
