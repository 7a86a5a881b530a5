import type { Generation } from '../cloud/server-a';
import type { Cloud } from '../cloud/start-cloud';

/** What the story does not tell: rare duties of the control plane that have rights of their own. */
export async function runErrands(
  cloud: Cloud,
  generation: Generation,
  progress: (line: string) => void,
): Promise<void> {
  void cloud;
  void generation;
  void progress;
  await Promise.resolve();
}
