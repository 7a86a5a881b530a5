import { usableImage } from '../../../../lambdas/core/protocol/baked-image';
import { buildLaunch } from '../../../../lambdas/core/plan/launch';
import { memoryOf, snapshotOf } from '../snapshots';

const recipe = 'component/1126-1/0a1b2c3d';
const imageId = 'ami-0123456789abcdef0';
const stored = (changes: object = {}) => JSON.stringify({ imageId, recipe, ...changes });

test('an image made by the recipe of the deployment is used', () => {
  expect(usableImage(stored(), recipe)).toEqual({ imageId });
});

test('a deployment that knows no recipe uses none', () => {
  expect(usableImage(stored(), undefined)).toEqual({});
});

test.each([
  ['none was made', undefined, undefined],
  ['it has another version', stored({ recipe: 'component/1130-1/0a1b2c3d' }), 'ImageOutdated'],
  ['it is no image id', stored({ imageId: 'resolve:ssm:/elsewhere' }), 'ImageUnreadable'],
  ['it is not JSON', imageId, 'ImageUnreadable'],
])('when %s, the configured one is, and it is said why', (_, text, problem) => {
  const usable = usableImage(text, recipe);
  expect(usable.imageId).toBeUndefined();
  if (problem === undefined) expect(usable.problem).toBeUndefined();
  else expect(usable.problem?.code).toBe(problem);
});

test.each([
  ['launches are from it', {}, imageId],
  ['not after a boot that failed', { breaker: { failures: 1 } }, undefined],
  ['not when EC2 refused it', { refusedImage: imageId }, undefined],
  ['but when EC2 refused an earlier one', { refusedImage: 'ami-0aaaaaaaaaaaaaaa0' }, imageId],
])('%s', (_, memory, expected) => {
  const request = buildLaunch(snapshotOf([], { imageId }), memoryOf(memory), 1, 0);
  expect(request.imageId).toBe(expected);
});
