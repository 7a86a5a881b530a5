import { launchSettingsSchema } from '../../../../lambdas/core/protocol/launch-settings';
import { snapshotOf } from '../snapshots';

const { launch } = snapshotOf([]);

test('what the deployment hands over is read as it is', () => {
  expect(launchSettingsSchema.parse(JSON.parse(JSON.stringify(launch)))).toEqual(launch);
});

test.each([
  ['no type', { instanceTypes: [] }],
  ['a type without capacity', { instanceTypes: [{ type: 'c6i.xlarge', weight: 0 }] }],
  ['no subnet', { subnetIds: [] }],
  ['more than all on spot', { spotPercent: 101 }],
  ['a key that it does not know', { spotShare: 1 }],
])('refused: %s', (_name, changes) => {
  expect(launchSettingsSchema.safeParse({ ...launch, ...changes }).success).toBe(false);
});
