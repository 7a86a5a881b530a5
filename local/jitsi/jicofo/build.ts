import { join } from 'node:path';
import { bundleProgram } from '../bundle-program';

/** Makes the focus one file that `node` runs without any package beside it. */
export function buildJicofo(outfile: string): Promise<void> {
  return bundleProgram(join(__dirname, 'main.ts'), outfile);
}
