import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';

import { tagKeys } from '../../lambdas/core/protocol/tags';
import { apiUrl, awsEnvironment, cloud as place } from '../cloud/addresses';
import type { Cloud } from '../cloud/start-cloud';

/**
 * What the story does not tell: rare duties of the control plane that have rights of their own. A
 * bridge that cannot boot has its console read; with an image that the operator baked bridges
 * launch from that.
 */
export async function runErrands(
  cloud: Cloud,
  nudge: () => Promise<void>,
  progress: (line: string) => void,
): Promise<void> {
  progress('errand: status, which the reader answers');
  await operate('status', '--json');
  // Before a boot fails: after that bridges launch from the configured image until one is healthy.
  await launchFromBakedImage(cloud, nudge, progress);
  await replaceFailedBoot(cloud, nudge, progress);
}

async function replaceFailedBoot(
  cloud: Cloud,
  nudge: () => Promise<void>,
  progress: (line: string) => void,
): Promise<void> {
  progress('errand: a bridge that powers off while it boots');
  const before = await bridges(cloud);
  await operate('scale', '3', '--json');
  const [failing = ''] = (await bridgesOf(cloud, nudge, before.length + 1)).filter(
    (id) => !before.includes(id),
  );
  await until(nudge, () => cloud.gateway.ec2.find(failing)?.state === 'running');
  // The machine is gone before it can answer.
  void cloud.machines
    .run({ instanceId: failing, script: 'poweroff', timeoutSeconds: 30 })
    .catch(() => undefined);
  await until(nudge, () => cloud.gateway.ec2.find(failing)?.state === 'terminated');
  // Its replacement is launched by the tick that sees it gone, and reads why.
  await bridgesOf(cloud, nudge, before.length + 1, [failing]);
}

async function launchFromBakedImage(
  cloud: Cloud,
  nudge: () => Promise<void>,
  progress: (line: string) => void,
): Promise<void> {
  progress('errand: bridges bake, and a bridge from the image');
  await operate('bake', '--json');
  const before = await bridges(cloud);
  await operate('scale', '2', '--json');
  await bridgesOf(cloud, nudge, before.length + 1);
  await operate('bake', '--remove', '--json');
}

/** Live bridges, when there are so many without those named. */
async function bridgesOf(
  cloud: Cloud,
  nudge: () => Promise<void>,
  count: number,
  without: readonly string[] = [],
): Promise<readonly string[]> {
  let live: readonly string[] = [];
  await until(nudge, async () => {
    live = (await bridges(cloud)).filter((id) => !without.includes(id));
    return live.length >= count;
  });
  return live;
}

async function until(
  nudge: () => Promise<void>,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = Date.now() + 240_000;
  while (Date.now() < end) {
    if (await condition()) return;
    await nudge();
    await sleep(1000);
  }
  throw new Error(`an errand was not done in time: ${condition.toString()}`);
}

async function bridges({ clients }: Cloud): Promise<readonly string[]> {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({
      Filters: [
        { Name: `tag:${tagKeys.fleet}`, Values: [place.fleet] },
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
      ],
    }),
  );
  return Reservations.flatMap(({ Instances = [] }) =>
    Instances.flatMap(({ InstanceId }) => InstanceId ?? []),
  );
}

/** A command of the real command line, as the operator gives it. */
async function operate(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [resolve('bin/jitsi-bridges.cjs'), ...args], {
    env: { ...process.env, ...awsEnvironment(apiUrl) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, [exitCode]] = (await Promise.all([text(child.stdout), once(child, 'exit')])) as [
    string,
    [number | null],
  ];
  if (exitCode !== 0)
    throw new Error(`bridges ${args.join(' ')} ended with ${exitCode}: ${output}`);
}
