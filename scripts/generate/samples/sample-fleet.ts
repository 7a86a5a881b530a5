import { renderReply } from '../../../cli/render-reply';
import type { Reply } from '../../../lambdas/core/protocol/reply';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from '../../../test/lambdas/scaler/fake-world';

/**
 * What the scaler says of a small fleet, as the docs show it: the real code on the tests' fake
 * AWS.
 */
export interface SampleReplies {
  readonly scale: Reply;
  readonly rejected: Reply;
  readonly status: Reply;
  readonly decisionRecord: Readonly<Record<string, unknown>>;
}

export async function sampleReplies(): Promise<SampleReplies> {
  const world = new FakeWorld();
  world.generation = 'muc';
  world.addBridge(1, { participants: 34, conferences: 6 });
  world.addBridge(2, { participants: 31, conferences: 5 });
  world.passMinutes(5, 0.42);
  const env = { ...envOf({ min: 2, max: 9 }), fleet: 'main', generation: 'muc' } as const;
  const run = async (event: object): Promise<Reply> => {
    const reply = await runScaler(world.ports(), env, event);
    if ('skipped' in reply) throw new Error('commands are never skipped');
    return reply;
  };
  await run({});
  const scale = await run({ action: 'scale', to: 4, for: '2h' });
  world.settle();
  const rejected = await run({ action: 'scale', to: 12 });
  world.passMinutes(1, 0.44);
  await run({});
  const status = await run({ action: 'status' });
  const records = world.logged.filter(({ message }) => message === 'decision');
  const [decisionRecord] = records.slice(-1).map(({ fields }) => fields);
  return { scale, rejected, status, decisionRecord: decisionRecord ?? {} };
}

/** As a terminal without colour shows it. */
export function shownOnTerminal(reply: Reply): string {
  return renderReply(reply, false).trimEnd();
}
