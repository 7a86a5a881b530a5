import { join } from 'node:path';
import { bundleProgram } from '../bundle-program';

/** Makes the bridge one file that `node` runs without any package beside it. */
export function buildVideobridge2(outfile: string): Promise<void> {
  return bundleProgram(join(__dirname, 'main.ts'), outfile);
}
