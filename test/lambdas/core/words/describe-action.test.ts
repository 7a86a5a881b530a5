import type { ActionRecord } from '../../../../lambdas/core/protocol/action-record';
import { describeAction, withWords } from '../../../../lambdas/core/words/describe-action';

const instanceId = 'i-0123456789abcdef0';
const reason = { code: 'Paused' } as const;
const launch = { kind: 'launch', count: 3, token: 'main-1', attempt: 'first' } as const;

test.each<[string, ActionRecord, string]>([
  [
    'a planned drain',
    { kind: 'drain', instanceId, status: 'planned', reason },
    `drain ${instanceId} (paused by the operator)`,
  ],
  ['one that is done', { kind: 'undrain', instanceId, status: 'done' }, `undrain ${instanceId}`],
  [
    'one with a remark',
    { kind: 'drain', instanceId, status: 'done', detail: 'tagged' },
    `drain ${instanceId}: tagged`,
  ],
  [
    'one skipped for safety',
    { kind: 'retire', instanceId, status: 'skipped', detail: '3 participants' },
    `retire ${instanceId}: skipped: 3 participants`,
  ],
  [
    'a failure',
    { kind: 'repair', instanceId, status: 'failed', detail: 'timedOut' },
    `repair ${instanceId}: failed: timedOut`,
  ],
  [
    'a protection',
    { kind: 'protect', instanceId, status: 'done', until: '2027-01-18T10:00:00.000Z' },
    `protect ${instanceId} until 2027-01-18T10:00:00.000Z`,
  ],
  [
    'a new secret',
    { kind: 'renewSecret', instanceId, status: 'done' },
    `renew the secret of ${instanceId}`,
  ],
  ['a planned launch', { ...launch, status: 'planned' }, 'launch 3 as main-1'],
  [
    'a repeat whose answer is lost again',
    { ...launch, attempt: 'repeat', status: 'failed', detail: 'TimeoutError' },
    'repeat launch of 3 as main-1: failed: TimeoutError',
  ],
  [
    'a whole launch',
    { ...launch, status: 'done', instanceIds: ['i-1', 'i-2', 'i-3'] },
    'launch 3 of 3 (i-1, i-2, i-3)',
  ],
  [
    'a partial launch',
    {
      ...launch,
      status: 'partial',
      instanceIds: ['i-1'],
      refusals: [{ errorCode: 'InsufficientInstanceCapacity', pools: 2 }],
    },
    'launch 1 of 3 (i-1); InsufficientInstanceCapacity in 2 pools: partial',
  ],
  [
    'a launch that a limit of the account ends',
    {
      ...launch,
      status: 'partial',
      instanceIds: ['i-1'],
      refusals: [{ errorCode: 'VcpuLimitExceeded', pools: 2, message: 'your limit of 8' }],
    },
    'launch 1 of 3 (i-1); account limit: VcpuLimitExceeded: your limit of 8: partial',
  ],
  [
    'a launch that a missing right ends',
    {
      ...launch,
      status: 'failed',
      instanceIds: [],
      refusals: [{ errorCode: 'UnauthorizedOperation', pools: 1, message: 'ec2:RunInstances' }],
    },
    'launch 0 of 3; missing permission: UnauthorizedOperation: ec2:RunInstances: failed',
  ],
  [
    'a launch that something else in the request ends',
    {
      ...launch,
      status: 'failed',
      instanceIds: [],
      refusals: [{ errorCode: 'InvalidSubnet', pools: 1, message: 'gone' }],
    },
    'launch 0 of 3; InvalidSubnet: gone: failed',
  ],
  [
    'a refused launch',
    {
      ...launch,
      status: 'failed',
      instanceIds: [],
      imageDropped: 'ami-1',
      detail: 'InvalidAMIID.NotFound gone',
    },
    'launch 0 of 3; image ami-1 is not used any more: failed: InvalidAMIID.NotFound gone',
  ],
])('%s', (_name, action, text) => {
  expect(describeAction(action)).toBe(text);
  expect(withWords(action)).toEqual({ ...action, text });
});
