import { chmod, chown, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Our stand-ins for what a machine has beyond its image: init, systemctl, poweroff, journalctl. */
const source = join(__dirname, 'rootfs-files');

/**
 * Copies the stand-ins to a directory that an overlay can use as a layer. In the overlay this
 * layer's owners and modes win over the image's, so they must be root's and readable whatever the
 * clone's are.
 */
export async function makeFileLayer(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await cp(source, directory, { recursive: true, verbatimSymlinks: true });
  await chown(directory, 0, 0);
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    await chown(path, 0, 0);
    await chmod(path, entry.name.endsWith('.bash') ? 0o644 : 0o755);
  }
}
