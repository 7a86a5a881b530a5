import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const root = '/sys/fs/cgroup';

/**
 * Removes the control groups that a container daemon of a machine has made below a name, in each
 * hierarchy. Their processes must be gone. Nothing else would remove them: they belong to no
 * namespace.
 */
export function removeControlGroups(name: string): void {
  if (!existsSync(root)) return;
  const hierarchies = [root, ...readdirSync(root).map((each) => join(root, each))];
  for (const folder of hierarchies.map((each) => join(each, name)))
    if (existsSync(folder)) removeFolder(folder);
}

function removeFolder(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeFolder(join(folder, entry.name));
  try {
    rmdirSync(folder);
  } catch {
    // Something of a container is still ending; the folder is empty and harms nobody.
  }
}
