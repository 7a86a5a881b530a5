/**
 * One audited story, inside the namespaces: the cloud is deployed, the story played with the
 * functions invoked as fast as they go, and the fleet destroyed. Prints one JSON line with what
 * was evaluated and what was granted. Argument: the generation.
 */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';

import { apiUrl, cloud as place, dummyCredentials, serverA, stackName } from '../cloud/addresses';
import { destroyWithCdk } from '../cloud/cdk';
import { storyCloud } from '../cloud/story-cloud';
import type { Generation } from '../cloud/server-a';
import { startCloud } from '../cloud/start-cloud';
import { playStory, type StoryPace } from '../story/story';
import { Ticker } from '../story/ticker';
import { runErrands } from './errands';
import { deployedGrants } from './grants';
import { withoutDeletedPolicies, type AuditedRun } from './report';

/** Load data has a resolution of a minute, so that much is spent waiting all the same. */
const quick = { min: 1, max: 5, scaleInPatienceSeconds: 10, emptySeconds: 10 };
const pace = { deadlineSeconds: 1200, manualHoldSeconds: 20 };
/** What both generations do alike is in the story of one. */
const paces: Readonly<Record<Generation, StoryPace>> = {
  component: pace,
  muc: { ...pace, drain: 'reversible', length: 'short' },
};

async function main(generation: Generation): Promise<void> {
  const scratch = process.env['NAMESPACE_SCRATCH'] ?? '';
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const cloud = await startCloud({
    generation,
    server: 'packages',
    policy: quick,
    scratch,
    sentinelCount: 1,
    progress,
  });
  try {
    const settings = { endpoint: apiUrl, region: place.region, credentials: dummyCredentials };
    const { gateway } = cloud;
    const grants = await deployedGrants(
      new CloudFormationClient(settings),
      gateway.policies,
      stackName,
      [serverA.roleName],
    );
    const ticker = new Ticker(cloud.clients.lambda, [
      cloud.outputs.get('CollectorFunctionName'),
      cloud.outputs.get('ScalerFunctionName'),
    ]);
    const played = storyCloud(cloud, quick.min, () => ticker.nudge());
    const story = await playStory(played, paces[generation], ({ second, event, detail = '' }) =>
      progress(`${second} ${event} ${detail}`),
    );
    if (!story.ok) progress(`the story did not end well: ${story.failure ?? 'see above'}`);
    if (generation === 'component') await runErrands(cloud, () => ticker.nudge(), progress);
    await ticker.stop();
    cloud.load.setTarget(0);
    const before = gateway.accesses.entries();
    await destroyWithCdk(cloud.config, scratch, progress);
    const accesses = withoutDeletedPolicies(gateway.accesses.entries(), before, grants);
    const run: AuditedRun = { accesses, grants };
    process.stdout.write(`${JSON.stringify({ event: 'audited', storyOk: story.ok, run })}\n`);
  } finally {
    await cloud.stop();
  }
}

process.once('SIGTERM', () => process.exit(1));
main(process.argv[2] === 'muc' ? 'muc' : 'component').then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);
