import { startInNamespace } from '../../../local/namespace/launcher';
import type { BakeSeen } from './bake-program';

/**
 * `install 3s, … healthy after 8s`. Registration is a wait for the scaler and the registrar, in
 * both.
 */
const timesOf = (console: string) =>
  [...console.matchAll(/stage (\w+) done in (\d+s)|(healthy after \d+s)/g)]
    .map(([, stage = '', seconds = '', end]) => end ?? `${stage} ${seconds}`)
    .join(', ');
const stagesOf = (console: string) =>
  [...console.matchAll(/stage (\w+) done in/g)].map(([, name]) => name);

async function play(): Promise<BakeSeen> {
  let output = '';
  const running = await startInNamespace({
    program: 'test/local/cloud/bake-program.ts',
    forwards: [],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    onOutput: (text) => (output += text),
  });
  const { exitCode } = await running.exited;
  const line = /^\{"event":"seen".*$/m.exec(output)?.[0];
  if (line === undefined) throw new Error(`ended with ${exitCode}:\n${output.slice(-4000)}`);
  return JSON.parse(line) as BakeSeen;
}

test('an image that `jitsi-bridges bake` made has bridges of the deployed fleet boot without installing', async () => {
  const seen = await play();
  expect(seen.baked).toMatchObject({ ok: true, removedImageIds: [] });
  expect(seen.bakedImageId).toBe(seen.baked['imageId']);
  expect(stagesOf(seen.freshConsole)).toContain('install');
  expect(stagesOf(seen.bakedConsole)).toEqual(['configure', 'registration', 'secret', 'start']);
  expect(seen.bakedConsole).toContain('jitsi-videobridge 1126-1 is on the image');
  console.info(`configured image: ${timesOf(seen.freshConsole)}`);
  console.info(`baked image: ${timesOf(seen.bakedConsole)}`);
  expect(seen.removed).toEqual({ ok: true, removedImageIds: [seen.baked['imageId']] });
  expect(seen.left).toEqual([]);
});
