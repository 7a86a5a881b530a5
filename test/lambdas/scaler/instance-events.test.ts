import { isEventOfOthers } from '../../../lambdas/scaler/instance-events';
import { FakeWorld } from './fake-world';

const world = new FakeWorld();
const ours = world.addBridge(1);
const others = 'i-0fffffffffffffff0';

const stateChange = (id: string) => ({
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  detail: { 'instance-id': id, state: 'terminated' },
});
const interruption = (id: string) => ({
  source: 'aws.ec2',
  'detail-type': 'EC2 Spot Instance Interruption Warning',
  detail: { 'instance-id': id, 'instance-action': 'terminate' },
});

const isNews = (event: unknown) => isEventOfOthers(event, world.ports().instances);

test.each<readonly [string, unknown]>([
  ['end', stateChange(others)],
  ['interruption', interruption(others)],
])("another instance's %s is no reason for a tick", async (_name, event) => {
  expect(await isNews(event)).toBe(true);
});

test.each<readonly [string, unknown]>([
  ["a bridge's end", stateChange(ours)],
  ["a bridge's interruption", interruption(ours)],
  ['trouble with EC2', { source: 'aws.health', detail: { service: 'EC2' } }],
  ['the schedule', { trigger: 'schedule' }],
  ['an empty event', {}],
  ['no event', null],
  ["an operator's command", { action: 'drain', bridge: others }],
])('%s is one', async (_name, event) => {
  expect(await isNews(event)).toBe(false);
});
