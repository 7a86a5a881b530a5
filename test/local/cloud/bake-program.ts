/**
 * Runs inside the namespaces: the whole cloud; `bridges bake` as an operator runs it; one bridge more, from the
 * image; `bridges bake --remove`. Prints one JSON line with what was seen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { DescribeImagesCommand } from '@aws-sdk/client-ec2';

import { describeBridges } from '../../../lambdas/adapters/ec2';
import { apiUrl, awsEnvironment, cloud as place } from '../../../local/cloud/addresses';
import { startCloud, type Cloud } from '../../../local/cloud/start-cloud';
import type { Generation } from '../../../local/cloud/server-a';

const policy = { min: 1, max: 5, scaleInPatienceSeconds: 600, emptySeconds: 60 };

/** What `bake-program.ts` saw. */
export interface BakeSeen {
  /** The last line of each command's output. */
  readonly baked: Readonly<Record<string, unknown>>;
  readonly removed: Readonly<Record<string, unknown>>;
  /** Consoles of a bridge from the configured image and of one from the baked image. */
  readonly freshConsole: string;
  readonly bakedConsole: string;
  readonly bakedImageId: string;
  /** Instances and images that are there at the end, besides bridges. */
  readonly left: readonly string[];
}

async function main(generation: Generation): Promise<void> {
  const cloud = await startCloud({
    generation,
    policy,
    scratch: process.env['NAMESPACE_SCRATCH'] ?? '',
    sentinelCount: 1,
    progress: (step) => process.stderr.write(`${step}\n`),
  });
  const [fresh = ''] = await bridges(cloud, 1);
  const baked = await cli('bake', '--json');
  await cli('scale', '2', '--json');
  const [second = ''] = (await bridges(cloud, 2)).filter((id) => id !== fresh);
  const removed = await cli('bake', '--remove', '--json');
  const { Images = [] } = await cloud.clients.ec2.send(
    new DescribeImagesCommand({ Owners: ['self'] }),
  );
  const machines = cloud.gateway.ec2
    .all()
    .filter(({ tags, state }) => tags.has('bridges:bake') && state !== 'terminated');
  const seen: BakeSeen = {
    baked,
    removed,
    freshConsole: cloud.machines.consoleOutput(fresh),
    bakedConsole: cloud.machines.consoleOutput(second),
    bakedImageId: cloud.gateway.ec2.find(second)?.spec.imageId ?? '',
    left: [
      ...Images.map(({ ImageId = '' }) => ImageId),
      ...machines
        .filter(({ state }) => state !== 'shutting-down')
        .map(({ spec }) => spec.instanceId),
    ],
  };
  process.stdout.write(`${JSON.stringify({ event: 'seen', ...seen })}\n`);
  await cloud.stop();
}

/** Ids of the bridges, when there are so many and all are healthy. */
async function bridges(cloud: Cloud, count: number): Promise<readonly string[]> {
  const end = Date.now() + 150_000;
  while (Date.now() < end) {
    const ids = (await describeBridges(cloud.clients.ec2, place.fleet)).map(
      (one) => one.instanceId,
    );
    const isHealthy = (id: string) => /healthy after/.test(cloud.machines.consoleOutput(id));
    if (ids.length >= count && ids.every(isHealthy)) return ids;
    await sleep(500);
  }
  throw new Error(`not ${count} healthy bridges in time`);
}

/** A command of the real command line. @returns the object that it printed */
async function cli(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const child = spawn(process.execPath, [resolve('bin/bridges.cjs'), ...args], {
    env: { ...process.env, ...awsEnvironment(apiUrl) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(output) as Readonly<Record<string, unknown>>;
}

process.once('SIGTERM', () => {
  process.exit(1);
});
main(process.argv[2] === 'muc' ? 'muc' : 'component').then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
    process.exit(1);
  },
);
