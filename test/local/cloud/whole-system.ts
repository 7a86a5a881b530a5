import { startInNamespace, type RunningNamespace } from '../../../local/namespace/launcher';
import { serverA } from '../../../local/cloud/addresses';
import type { Generation, ServerKind } from '../../../local/cloud/server-a';
import type { StoryResult } from '../../../local/story/story';

/** The whole system in its namespaces, as `npm start` runs it, with the story at a test's pace. */
export interface WholeSystem {
  /** Ports at 127.0.0.1: `aws`, `xmpp-client`, `xmpp-component`. */
  readonly ports: ReadonlyMap<string, number>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly story: StoryResult;
  /** `cdk destroy`, then the end of everything. */
  destroy(): Promise<Destroyed>;
  kill(): void;
}

export interface Destroyed {
  readonly exitCode: number;
  /** What EC2, SSM and Prosody still held for the fleet afterwards. */
  readonly leftBehind: readonly string[];
  /** Prosody sessions of bystanders dropped, from the start on. */
  readonly dropped: number;
}

/** Resolves when the story has been played; the system goes on until it is stopped. */
export async function playWholeSystem(
  generation: Generation,
  server: ServerKind = 'packages',
): Promise<WholeSystem> {
  const events = new Events();
  const running: RunningNamespace = await startInNamespace({
    program: 'test/local/cloud/story-program.ts',
    args: [generation, server],
    forwards: [
      { name: 'aws', target: { host: '127.0.0.1', port: 4566 } },
      { name: 'xmpp-client', target: { host: serverA.address, port: 5222 } },
      { name: 'xmpp-component', target: { host: serverA.address, port: 5347 } },
    ],
    patienceSeconds: 900,
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    onOutput: (text) => events.take(text),
  });
  void running.exited.then(({ exitCode }) => events.end(exitCode));
  const up = await events.wait<{ outputs: Record<string, string> }>('up');
  const { result } = await events.wait<{ result: StoryResult }>('story');
  return {
    ports: running.ports,
    outputs: up.outputs,
    story: result,
    kill: () => running.kill(),
    async destroy() {
      const { exitCode } = await running.stop();
      return { exitCode, ...(await events.wait<Omit<Destroyed, 'exitCode'>>('destroyed')) };
    },
  };
}

/** JSON lines among other output, by their `event`. */
class Events {
  private rest = '';
  private output = '';
  private readonly seen = new Map<string, unknown>();
  private readonly waiting = new Map<string, (value: unknown) => void>();
  private fail: (error: Error) => void = () => undefined;
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor() {
    this.failed.catch(() => undefined);
  }

  take(text: string): void {
    this.output = (this.output + text).slice(-4000);
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines.filter((one) => one.startsWith('{"event"'))) {
      const value = JSON.parse(line) as { event: string };
      this.seen.set(value.event, value);
      this.waiting.get(value.event)?.(value);
    }
  }

  end(exitCode: number): void {
    this.fail(new Error(`the cloud ended with ${exitCode}:\n${this.output}`));
  }

  async wait<T>(event: string): Promise<T> {
    const come = new Promise<unknown>((resolve) => {
      this.waiting.set(event, resolve);
    });
    if (this.seen.has(event)) return this.seen.get(event) as T;
    return (await Promise.race([come, this.failed])) as T;
  }
}
