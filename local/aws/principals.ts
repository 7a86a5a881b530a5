import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Socket } from 'node:net';
import type { Context, Principal } from './iam/access';
import { functionArn } from './iam/requirements/rest';
import { lambdaOfConnection } from './lambda-caller';

export interface PrincipalsOptions {
  readonly accountId: string;
  readonly region: string;
  /** Of the emulator. */
  readonly lambda: LambdaClient;
  /** Told once for each connection that a function opens: it runs. */
  readonly onFunction?: (functionName: string) => void;
}

/** Access key of the account's operator, who is an administrator. */
const operatorKey = 'test';

/**
 * Who makes a call, by its access key; a deployed function by the process that the connection
 * comes from.
 */
export class Principals {
  private readonly sessions = new Map<string, Principal>();
  private readonly functionRoles = new Map<string, Promise<string>>();
  private readonly connections = new WeakMap<Socket, Promise<Principal | undefined>>();

  constructor(private readonly options: PrincipalsOptions) {}

  /**
   * Remembers whose temporary credentials an access key belongs to.
   * @param context condition keys of the session
   */
  register(accessKeyId: string, roleArn: string, sessionName: string, context: Context = {}): void {
    this.sessions.set(accessKeyId, this.session(nameOf(roleArn), sessionName, context));
  }

  /** Undefined for an access key that is nobody's. */
  async of(accessKeyId: string, socket: Socket | undefined): Promise<Principal | undefined> {
    const session = this.sessions.get(accessKeyId);
    if (session !== undefined) return session;
    const { accountId } = this.options;
    // ministack gives all functions the account's id as their access key.
    if (accessKeyId === accountId && socket !== undefined) {
      const known = this.connections.get(socket) ?? this.functionOf(socket);
      this.connections.set(socket, known);
      return known;
    }
    if (accessKeyId !== operatorKey) return undefined;
    return { arn: `arn:aws:iam::${accountId}:user/${accessKeyId}` };
  }

  private async functionOf(socket: Socket): Promise<Principal | undefined> {
    const name = await lambdaOfConnection(socket.remotePort ?? 0, socket.localPort ?? 0);
    if (name === undefined) return undefined;
    this.options.onFunction?.(name);
    return this.ofFunction(name);
  }

  /** A deployed function, as the session of its role. */
  async ofFunction(name: string): Promise<Principal> {
    const role = this.functionRoles.get(name) ?? this.roleOf(name);
    this.functionRoles.set(name, role);
    role.catch(() => this.functionRoles.delete(name));
    const source = { 'lambda:SourceFunctionArn': functionArn(this.options, name) };
    return this.session(await role, name, source);
  }

  /** A role that a service uses by itself, such as the Scheduler's. */
  ofRole(roleArn: string, sessionName: string): Principal {
    return this.session(nameOf(roleArn), sessionName, {});
  }

  private async roleOf(functionName: string): Promise<string> {
    const query = new GetFunctionConfigurationCommand({ FunctionName: functionName });
    return nameOf((await this.options.lambda.send(query)).Role ?? '');
  }

  private session(roleName: string, session: string, context: Context): Principal {
    const arn = `arn:aws:sts::${this.options.accountId}:assumed-role/${roleName}/${session}`;
    return { arn, roleName, context };
  }
}

function nameOf(roleArn: string): string {
  return roleArn.slice(roleArn.lastIndexOf('/') + 1);
}
