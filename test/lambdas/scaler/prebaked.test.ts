import type { LaunchRequest } from '../../../lambdas/core/model/action';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

const recipe = 'component/1126-1/0a1b2c3d';
const imageId = 'ami-0123456789abcdef0';
const base = envOf({ min: 2 });
const env = { ...base, launch: { ...base.launch, imageRecipe: recipe } };

/** A fleet of none that wants two, with a prebaked image; notes what is asked of EC2. */
function worldWith(stored: object): { world: FakeWorld; requests: LaunchRequest[] } {
  const world = new FakeWorld();
  const requests: LaunchRequest[] = [];
  world.image = JSON.stringify(stored);
  world.answerLaunch = (request) => {
    requests.push(request);
    return world.launchAll(request);
  };
  return { world, requests };
}

test('bridges are launched from the image that was baked', async () => {
  const { world, requests } = worldWith({ imageId, recipe });
  await runScaler(world.ports(), env, {});
  expect(requests).toMatchObject([{ onDemandCount: 2, imageId }]);
});

test('an image of another version is not used, and the record says so', async () => {
  const { world, requests } = worldWith({ imageId, recipe: 'component/1130-1/0a1b2c3d' });
  const reply = await runScaler(world.ports(), env, {});
  expect(requests[0]).not.toHaveProperty('imageId');
  expect(reply).toMatchObject({
    reasons: expect.arrayContaining([
      expect.objectContaining({ code: 'ImageOutdated' }),
    ]) as unknown,
  });
});

const gone = `The image id '[${imageId}]' does not exist`;

test.each([
  ['the request', { status: 'refused', code: 'InvalidAMIID.NotFound', message: gone }],
  [
    'its pools',
    {
      status: 'answered',
      launched: [],
      refusals: [{ market: 'on-demand', code: 'InvalidAMIID.Unavailable', message: gone }],
    },
  ],
] as const)('EC2 refuses %s for the image: the next launch does without it', async (_, answer) => {
  const { world, requests } = worldWith({ imageId, recipe });
  world.answerLaunch = (request) => {
    requests.push(request);
    return answer;
  };
  const reply = await runScaler(world.ports(), env, {});
  expect(reply).toMatchObject({
    actions: [{ kind: 'launch', imageDropped: imageId }],
  });
  world.passMinutes(1);
  await runScaler(world.ports(), env, {});
  expect(requests.map((request) => request.imageId)).toEqual([imageId, undefined]);
});

test('a launch whose answer was lost is repeated from the same image, whatever is stored by then', async () => {
  const { world, requests } = worldWith({ imageId, recipe });
  const answer = world.answerLaunch;
  world.answerLaunch = (request) => {
    requests.push(request);
    throw new Error('no answer');
  };
  await runScaler(world.ports(), env, {});
  world.answerLaunch = answer;
  world.image = JSON.stringify({ imageId: 'ami-0fffffffffffffff0', recipe });
  world.passMinutes(1);
  await runScaler(world.ports(), env, {});
  expect(requests[1]).toEqual(requests[0]);
});
