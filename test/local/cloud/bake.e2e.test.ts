import { startInNamespace } from '../../../local/namespace/launcher';
import type { BakeSeen } from './bake-program';

jest.setTimeout(480_000);

const secondsOf = (console: string) => Number(/healthy after (\d+)s/.exec(console)?.[1]);
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

test('an image that `bridges bake` made has bridges of the deployed fleet boot without installing', async () => {
  const seen = await play();
  expect(seen.baked).toMatchObject({ ok: true, removedImageIds: [] });
  expect(seen.bakedImageId).toBe(seen.baked['imageId']);
  expect(stagesOf(seen.freshConsole)).toContain('install');
  expect(stagesOf(seen.bakedConsole)).toEqual(['configure', 'registration', 'secret', 'start']);
  expect(seen.bakedConsole).toContain('jitsi-videobridge 1126-1 is on the image');
  const [fresh, baked] = [secondsOf(seen.freshConsole), secondsOf(seen.bakedConsole)];
  console.info(`boot: ${fresh} s from the configured image, ${baked} s from the baked one`);
  expect(seen.removed).toEqual({ ok: true, removedImageIds: [seen.baked['imageId']] });
  expect(seen.left).toEqual([]);
});
