import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a machine makes anew at each boot: an image must not have it. */
const ofOneBoot = ['run', 'tmp', 'var/lib/cloud', 'etc/hostname', 'etc/hosts'];

/**
 * Copies the upper layer of an overlay, so that it can be a lower one: with whiteouts and
 * overlay's own attributes.
 */
export async function copyDisk(upper: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const copying = spawn('cp', ['-a', upper, target], { stdio: 'ignore' });
  const [code] = (await once(copying, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`cp could not copy the disk ${upper}`);
  for (const path of ofOneBoot) await rm(join(target, path), { recursive: true, force: true });
}
