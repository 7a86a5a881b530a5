/**
 * Runs inside the namespaces: the whole cloud, and the story at a pace where nothing waits for a
 * schedule. Prints one JSON line when the cloud is up and one when the story has ended, then goes
 * on serving until it is told to end: then the fleet is destroyed as an operator does it, with a
 * third line that says what is left, and all is stopped.
 */
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

import type { CommandReply } from '../../../lambdas/core/protocol/reply';
import { destroyWithCdk } from '../../../local/cloud/cdk';
import { storyCloud } from '../../../local/cloud/story-cloud';
import { startCloud } from '../../../local/cloud/start-cloud';
import { playStory } from '../../../local/story/story';
import { Ticker } from '../../../local/story/ticker';
import type { TimelineEntry } from '../../../local/story/timeline';

/** Load data has a resolution of a minute, so that much is spent waiting all the same. */
const quick = { min: 1, max: 5, scaleInPatienceSeconds: 10, emptySeconds: 10 };
const pace = { deadlineSeconds: 1200, manualHoldSeconds: 20 };
/**
 * What today's Jitsi does otherwise is in this much; the rest the other generation's story tells.
 */
const short = { ...pace, drain: 'reversible', length: 'short' } as const;

async function main(): Promise<void> {
  const ended = new Promise<void>((resolve) => process.once('SIGTERM', resolve));
  const scratch = process.env['NAMESPACE_SCRATCH'] ?? '';
  const generation = process.argv[2] === 'muc' ? 'muc' : 'component';
  const server = process.argv[3] === 'docker' ? 'docker' : 'packages';
  const cloud = await startCloud({
    generation,
    server,
    policy: quick,
    scratch,
    sentinelCount: 6,
    progress: (step) => process.stderr.write(`${step}\n`),
  });
  tell('up', { outputs: cloud.outputs.all });
  const { lambda } = cloud.clients;
  const ticker = new Ticker(lambda, [
    cloud.outputs.get('CollectorFunctionName'),
    cloud.outputs.get('ScalerFunctionName'),
  ]);
  const stage = storyCloud(cloud, quick.min, () => ticker.nudge());
  const say = ({ second, event, bridge = '', detail = '' }: TimelineEntry): void => {
    process.stderr.write(`${second} ${event} ${bridge} ${detail}\n`);
  };
  tell('story', { result: await playStory(stage, generation === 'muc' ? short : pace, say) });
  await ended;
  await ticker.stop();
  cloud.load.setTarget(0);
  await untilBooted(lambda, cloud.outputs.get('ReaderFunctionName'));
  await destroyPatiently(() =>
    destroyWithCdk(cloud.config, scratch, (line) => process.stderr.write(`${line}\n`)),
  );
  tell('destroyed', {
    leftBehind: await stage.leftBehind([]),
    dropped: cloud.sentinels.metrics().prosodySessionsDropped,
  });
  await cloud.stop();
}

function tell(event: string, fields: object): void {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);

/** A bridge that has just started cannot say yet that it has no calls: the operator tries again. */
async function destroyPatiently(destroy: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await destroy();
      return;
    } catch (error) {
      if (attempt === 4 || !String(error).includes('Calls may be running')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20_000));
    }
  }
}

/**
 * Waits, at most some minutes, until no bridge boots any more. Where a bridge cannot say yet that
 * it has no calls, the first step of the deletion fails, and ministack, unlike CloudFormation,
 * goes on and deletes what that step needs: no later attempt can succeed.
 */
async function untilBooted(lambda: LambdaClient, FunctionName: string): Promise<void> {
  const Payload = JSON.stringify({ action: 'status' });
  for (let look = 0; look < 30; look += 1) {
    const reply = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const status = JSON.parse(reply.Payload?.transformToString() ?? '{}') as Partial<CommandReply>;
    if (status.bridges?.every(({ phase }) => phase !== 'booting') === true) return;
    await new Promise((resolve) => setTimeout(resolve, 10_000));
  }
}
