/**
 * Runs inside the namespaces: the whole cloud; `jitsi-bridges bake` as an operator runs it; one
 * bridge more, from the image; `cdk destroy`; `jitsi-bridges bake --remove`. Prints one JSON line
 * with what was seen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { GetParametersByPathCommand } from '@aws-sdk/client-ssm';

import { describeBridges } from '../../../lambdas/adapters/aws/ec2';
import { parameterNames } from '../../../lambdas/core/protocol/parameters';
import { apiUrl, awsEnvironment, cloud as place, serverA } from '../../../local/cloud/addresses';
import { destroyWithCdk } from '../../../local/cloud/cdk';
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
  /** What is there of the fleet after its end. */
  readonly left: readonly string[];
}

async function main(generation: Generation): Promise<void> {
  const scratch = process.env['NAMESPACE_SCRATCH'] ?? '';
  const cloud = await startCloud({
    server: 'packages',
    generation,
    policy,
    scratch,
    sentinelCount: 1,
    progress: (step) => process.stderr.write(`${step}\n`),
  });
  const [fresh = ''] = await bridges(cloud, 1);
  const baked = await cli('bake', '--json');
  await cli('scale', '2', '--json');
  const [second = ''] = (await bridges(cloud, 2)).filter((id) => id !== fresh);
  const consoles = [fresh, second].map((id) => cloud.machines.consoleOutput(id));
  const bakedImageId = cloud.gateway.ec2.find(second)?.spec.imageId ?? '';
  await destroyWithCdk(cloud.config, scratch, (line) => process.stderr.write(`${line}\n`));
  const removed = await cli('bake', '--remove', '--fleet', place.fleet, '--json');
  const seen: BakeSeen = {
    baked,
    removed,
    freshConsole: consoles[0] ?? '',
    bakedConsole: consoles[1] ?? '',
    bakedImageId,
    left: await leftBehind(cloud),
  };
  process.stdout.write(`${JSON.stringify({ event: 'seen', ...seen })}\n`);
  await cloud.stop();
}

/** Images, live instances besides Server A, and parameters of the fleet. */
async function leftBehind({ clients, gateway }: Cloud): Promise<readonly string[]> {
  const { Images = [] } = await clients.ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  const { Parameters = [] } = await clients.ssm.send(
    new GetParametersByPathCommand({ Path: parameterNames(place.fleet).root, Recursive: true }),
  );
  const machines = gateway.ec2
    .all()
    .filter(({ state }) => state !== 'terminated' && state !== 'shutting-down')
    .map(({ spec }) => spec.instanceId)
    .filter((id) => id !== serverA.instanceId);
  return [
    ...Images.map(({ ImageId = '' }) => ImageId),
    ...Parameters.map(({ Name = '' }) => Name),
    ...machines,
  ];
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
  const child = spawn(process.execPath, [resolve('bin/jitsi-bridges.cjs'), ...args], {
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
