import { buildLaunch } from '../../../../lambdas/core/plan/launch';
import {
  launchTemplateTag,
  missingTrace,
  originText,
  sortByOrigin,
  type MissingTrace,
  type Traces,
} from '../../../../lambdas/core/protocol/origin';
import { tagKeys } from '../../../../lambdas/core/protocol/tags';
import { origin, roleOfBridges, tagsOfLaunch } from '../../traces';
import { memoryOf, snapshotOf } from '../snapshots';

const { token } = buildLaunch(snapshotOf([]), memoryOf(), 1, 0);
const tags = tagsOfLaunch('test', token);
const launched: Traces = { instanceId: 'i-1', state: 'running', ...roleOfBridges, tags };
const withoutRole: Traces = { instanceId: 'i-1', state: 'running', tags };
const withoutTemplate = { [tagKeys.fleet]: 'test', [tagKeys.launch]: token };

test.each<[string, Traces, MissingTrace | undefined]>([
  ['launched by the scaler is ours', launched, undefined],
  [
    'that is the Jitsi Meet server is foreign, whatever its tags',
    { ...launched, instanceId: origin.serverInstanceId },
    'notTheServer',
  ],
  [
    'with nothing but the tag of the fleet is foreign',
    { ...launched, tags: { [tagKeys.fleet]: 'test' } },
    'launchToken',
  ],
  [
    'of a fleet whose name begins alike is foreign',
    { ...launched, tags: { ...tags, [tagKeys.launch]: 'test-2-tr7uo0-0' } },
    'launchToken',
  ],
  [
    'with all tags that people can set is foreign',
    { ...launched, tags: withoutTemplate },
    'launchTemplate',
  ],
  [
    'from another template is foreign',
    { ...launched, tags: { ...tags, [launchTemplateTag]: 'lt-2' } },
    'launchTemplate',
  ],
  ['without a role is foreign', withoutRole, 'instanceProfile'],
  [
    'with another role is foreign',
    { ...launched, instanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/other' },
    'instanceProfile',
  ],
  [
    'whose role EC2 no longer tells, since it is shutting down, is ours',
    { ...withoutRole, state: 'shutting-down' },
    undefined,
  ],
])('an instance %s', (_name, instance, missing) => {
  expect(missingTrace(instance, 'test', origin)).toBe(missing);
  expect(sortByOrigin([instance], 'test', origin)).toEqual(
    missing === undefined
      ? { ours: [instance], foreign: [] }
      : { ours: [], foreign: [{ instanceId: instance.instanceId, missing }] },
  );
});

test('an origin is read from the environment', () => {
  expect(originText.parse(JSON.stringify(origin))).toEqual(origin);
  expect(originText.safeParse('{').error?.issues[0]?.message).toBe('is not JSON');
  expect(originText.safeParse('{}').success).toBe(false);
});
