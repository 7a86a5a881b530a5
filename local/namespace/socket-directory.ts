import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

let made = 0;

/**
 * Makes a directory for the sockets of one cloud, named by this process, and removes those whose
 * process is gone: a killed launcher cannot clean up, the next one does.
 */
export async function makeSocketDirectory(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (!isAlive(Number.parseInt(name, 10))) await removeSocketDirectory(join(parent, name));
  }
  made += 1;
  const directory = join(parent, `${process.pid}-${made}`);
  // A process of the same number may have lived before.
  await removeSocketDirectory(directory);
  await mkdir(directory, { mode: 0o700 });
  return directory;
}

export async function removeSocketDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
