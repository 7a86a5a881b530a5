import { createHash } from 'node:crypto';
import type { BridgeInstance } from '../../../lambdas/adapters/aws/ec2';
import type { Existence } from '../../../lambdas/adapters/aws/instance-existence';
import type { ServerCertificate } from '../../../lambdas/adapters/aws/server-certificate';
import { digestInput } from '../../../lambdas/core/protocol/documents';
import type { ServerNames } from '../../../lambdas/core/protocol/xmpp-names';
import type { RegistrarPorts } from '../../../lambdas/registrar/register';
import { roleOfBridges, tagsOfLaunch } from '../traces';

export type State = BridgeInstance['state'] | 'terminated';

interface FakeInstance {
  state: State;
  tags: Record<string, string>;
}

interface FakeSecret {
  version: number;
  modifiedAt: number;
  owner: string;
}

/** EC2, SSM and Server A as far as the registrar meets them, in memory. */
export class FakeWorld {
  now = Date.parse('2026-11-22T12:00:00Z');
  readonly instances = new Map<string, FakeInstance>();
  readonly secrets = new Map<string, FakeSecret>();
  collectorPassword = false;
  pinned: ServerCertificate | undefined;
  /** What was found on the server and handed on; what it says of them. */
  names: ServerNames | undefined;
  namesSaid: ServerNames | undefined;
  /** What Prosody holds: instance id and version. */
  readonly prosody = new Map<string, number>();
  /** Instances with a session on Prosody, as far as Server A tells. */
  connected: readonly string[] | undefined;
  readonly calls: string[] = [];
  /**
   * The call with this number, counted from 0, and with it the run, dies: `before` or `after` it
   * took effect.
   */
  crash: { readonly call: number; readonly when: 'before' | 'after' } | undefined;
  /** Answer of the sync instead of the true one. */
  sync: (() => Awaited<ReturnType<RegistrarPorts['runCommand']['run']>>) | undefined;

  constructor(readonly pem: string) {}

  launch(instanceId: string, state: State = 'pending', tags: Record<string, string> = {}): void {
    this.instances.set(instanceId, { state, tags: { ...tagsOfLaunch('blue'), ...tags } });
  }

  addSecret(instanceId: string, ageMinutes: number): void {
    const modifiedAt = this.now - ageMinutes * 60_000;
    this.secrets.set(instanceId, { version: 1, modifiedAt, owner: 'earlier' });
  }

  registeredTag(instanceId: string): string | undefined {
    return this.instances.get(instanceId)?.tags['bridges:registered'];
  }

  ports(): RegistrarPorts {
    return {
      now: () => this.now,
      instances: () => this.#call('instances', () => this.#listed()),
      existence: (ids) =>
        this.#call('existence', () => new Map(ids.map((id) => [id, this.#existence(id)]))),
      secrets: {
        list: () =>
          this.#call('list', () =>
            [...this.secrets].map(([instanceId, { version, modifiedAt }]) => ({
              instanceId,
              version,
              modifiedAt,
            })),
          ),
        make: (instanceId, owner) =>
          this.#call(`make ${instanceId}`, () => {
            if (this.secrets.has(instanceId)) return 'existed';
            this.secrets.set(instanceId, { version: 1, modifiedAt: this.now, owner });
            return 'made';
          }),
        renew: (instanceId) =>
          this.#call(`renew ${instanceId}`, () => {
            const secret = this.secrets.get(instanceId);
            if (secret === undefined) throw new Error('no such secret');
            this.secrets.set(instanceId, {
              ...secret,
              version: secret.version + 1,
              modifiedAt: this.now,
            });
          }),
        makeCollectorPassword: () =>
          this.#call('password', () => {
            const existed = this.collectorPassword;
            this.collectorPassword = true;
            return existed ? 'existed' : 'made';
          }),
        remove: (ids) =>
          this.#call('remove', () => {
            for (const id of ids) this.secrets.delete(id);
          }),
      },
      runCommand: {
        run: ({ document, instanceId, parameters }) =>
          this.#call(`run ${document} ${instanceId} ${JSON.stringify(parameters)}`, () =>
            this.sync === undefined ? this.#synced() : this.sync(),
          ),
      },
      storeNames: (names) => this.#call('names', () => (this.names = names)),
      pin: (certificate) => this.#call('pin', () => (this.pinned = certificate)),
      tag: (ids, tags) =>
        this.#call('tag', () => {
          for (const id of ids) Object.assign(this.instances.get(id)?.tags ?? {}, tags);
        }),
    };
  }

  #call<Result>(name: string, effect: () => Result): Promise<Result> {
    const number = this.calls.push(name) - 1;
    const dies = this.crash?.call === number ? this.crash.when : undefined;
    if (dies === 'before') return Promise.reject(new Error('killed'));
    const result = effect();
    if (dies === 'after') return Promise.reject(new Error('killed'));
    return Promise.resolve(result);
  }

  #listed(): BridgeInstance[] {
    return [...this.instances].flatMap(([instanceId, { state, tags }]) =>
      state === 'terminated' || tags['bridges:fleet'] !== 'blue'
        ? []
        : [
            {
              ...{ instanceId, state, ...roleOfBridges, tags: { ...tags } },
              ...{ instanceType: 'c6i.xlarge', zone: 'a', market: 'on-demand', launchedAt: 0 },
            },
          ],
    );
  }

  #existence(instanceId: string): Existence {
    const state = this.instances.get(instanceId)?.state;
    if (state === undefined) return 'unknown';
    return state === 'terminated' ? 'terminated' : 'exists';
  }

  #synced() {
    this.prosody.clear();
    for (const [id, { version }] of this.secrets) this.prosody.set(id, version);
    const report = {
      ...{ ok: true, digest: this.digest(), bridges: this.prosody.size },
      ...{ activated: [], deactivated: [], certificate: this.pem },
      ...(this.connected && { connected: this.connected }),
      ...(this.namesSaid && { xmpp: this.namesSaid }),
    };
    return { status: 'success' as const, stdout: `reloading\n${JSON.stringify(report)}\n` };
  }

  /** Digest over what Prosody holds. */
  digest(): string {
    const held = [...this.prosody].map(([instanceId, version]) => ({ instanceId, version }));
    return createHash('sha256').update(digestInput(held)).digest('hex').slice(0, 16);
  }
}
