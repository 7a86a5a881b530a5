import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** `scripts/build/bundle-function.ts`, which a package does not have. */
interface Bundler {
  readonly bundleFunction: (name: string, folder: string) => unknown;
}

const root = join(__dirname, '..');
const load = createRequire(__filename);

/**
 * Code of one Lambda function. The package has it ready. A clone has the sources instead: there it
 * is bundled when the stack is synthesized for a deployment, so that what is deployed is what the
 * clone says.
 *
 * @param name folder below `lambdas/`
 */
export function functionCode(name: string): Code {
  const folder = join(root, 'lambdas', name);
  if (existsSync(join(folder, 'index.js'))) return Code.fromAsset(folder);
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Asked for by CDK's types, and never run: what is made locally is all there is to do.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle(output) {
          const { bundleFunction } = load('../scripts/build/bundle-function') as Bundler;
          bundleFunction(name, output);
          return true;
        },
      },
    },
  });
}
