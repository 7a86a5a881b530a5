import type { Reason } from '../../../../lambdas/core/protocol/reason';
import { describeReason, withText } from '../../../../lambdas/core/words/describe-reason';

const need = { code: 'LoadNeeds', load: 1.5, needed: 3, min: 1, max: 9 } as const;
const token = 'main-abc-1';
const instanceId = 'i-0123456789abcdef0';
const noRoom = { code: 'NoRoom', missing: 2, max: 5 } as const;
const boot = { code: 'BootConsole', instanceId } as const;

test.each<[Reason, string]>([
  [need, 'load 1.50 needs 3, min 1, max 9'],
  [{ ...need, scaleInFloor: 5 }, 'load 1.50 needs 3 (5 within the hour), min 1, max 9'],
  [
    { ...need, forecastLoad: 3, forecastAt: 300, hold: 4 },
    'load 1.50, forecast 3.00 at 00:05 Thu, needs 3, hold 4, min 1, max 9',
  ],
  [
    { code: 'ScaleInCooldown', needed: 2, secondsLeft: 240 },
    '2 bridges suffice; scale-in in 240 s',
  ],
  [{ code: 'ScaleInCooldown', needed: 1, secondsLeft: 60 }, '1 bridge suffices; scale-in in 60 s'],
  [
    { code: 'ScaleInHold', needed: 2, unheard: 'lately' },
    '2 bridges suffice, but not every bridge reported lately: hold',
  ],
  [
    { code: 'ScaleInHold', needed: 2, unheard: 'newestMinute' },
    '2 bridges suffice, but not every bridge reported in the newest minute: hold',
  ],
  [{ code: 'ScaleIn', needed: 1, seconds: 600 }, '1 bridge sufficed for 600 s'],
  [{ code: 'ScaleIn', needed: 4, seconds: 600 }, '4 bridges sufficed for 600 s'],
  [{ code: 'NoLoadData', hold: 3 }, 'no load data: hold 3'],
  [{ code: 'NoLoadData', hold: 3, ageSeconds: 153 }, 'load data is 153 s old: hold 3'],
  [{ code: 'OperatorScale', to: 6 }, 'the operator scaled to 6'],
  [{ code: 'Bounded', by: 'max', bound: 9 }, 'limited by max 9'],
  [{ code: 'Bounded', by: 'min', bound: 2 }, 'raised to min 2'],
  [{ code: 'Paused' }, 'paused by the operator'],
  [{ ...noRoom, room: 1, draining: 1 }, 'launching 1 of 2: max is 5 and 1 draining bridge counts'],
  [{ ...noRoom, room: 1, draining: 3 }, 'launching 1 of 2: max is 5 and 3 draining bridges count'],
  [{ ...noRoom, room: 0, draining: 0 }, 'launching none of 2: max is 5'],
  [{ code: 'BreakerOpen', failures: 3, probe: false }, 'launches stopped after 3 failed boots'],
  [
    { code: 'BreakerOpen', failures: 3, probe: true },
    'launches stopped after 3 failed boots; launching one as a probe',
  ],
  [{ code: 'LaunchRepeated', token }, 'repeating launch main-abc-1: its answer was never recorded'],
  [
    { code: 'LaunchWaits', token },
    'launch main-abc-1 may have been made, but there is no room for it',
  ],
  [{ code: 'LaunchGivenUp', token }, 'gave up launch main-abc-1: there is no room for it any more'],
  [{ code: 'BootFailed', instanceId, inARow: 2 }, `boot of ${instanceId} failed (2 in a row)`],
  [{ ...boot, lines: [] }, `${instanceId}: console output is empty`],
  [{ ...boot, lines: ['a', 'b'] }, `${instanceId}: console output ends with a / b`],
  [
    { ...boot, lines: [], unreadable: 'ThrottlingException' },
    `${instanceId}: console output cannot be read (ThrottlingException)`,
  ],
  [{ code: 'Reports' }, 'it reports'],
  [{ code: 'Silent', seconds: 180 }, 'silent for 180 s'],
  [{ code: 'SilentAfterRepair', seconds: 400 }, 'silent for 400 s, also after its repair'],
  [{ code: 'SilentWhileDraining', seconds: 180 }, 'draining, and silent for 180 s'],
  [{ code: 'NeverReported', seconds: 1000 }, 'no report 1000 s after launch'],
  [{ code: 'Stopped' }, 'the instance is stopped'],
  [{ code: 'SaysItDrains' }, 'the bridge says that it drains'],
  [{ code: 'DrainUnconfirmed' }, 'the bridge did not confirm its drain'],
  [{ code: 'DrainedEmpty', seconds: 60 }, 'drained and empty for 60 s'],
  [{ code: 'OperatorCommand', action: 'drain', instanceId }, 'drain ordered by the operator'],
  [
    { code: 'AnswerForgotten' },
    'this idempotency key was used before; its answer is no longer stored',
  ],
  [{ code: 'MemoryUnreadable' }, 'the memory parameter is unreadable: starting with empty memory'],
  [{ code: 'OverridesUnreadable' }, 'the override parameter is unreadable: ignoring it'],
  [
    { code: 'ImageUnreadable' },
    'the image parameter is unreadable: launching from the configured image',
  ],
  [
    { code: 'ImageOutdated', imageId: 'ami-1', recipe: 'muc/1/a', wantedRecipe: 'muc/2/b' },
    'prebaked image ami-1 is muc/1/a, not muc/2/b: launching from the configured image',
  ],
  [
    { code: 'HistoryUnreadable', error: 'ThrottlingException' },
    'cannot read the load history: ThrottlingException',
  ],
  [
    { code: 'ForeignInstance', instanceId, missing: 'notTheServer' },
    `${instanceId} has the fleet's tag but is the Jitsi Meet server: ignoring it; remove its tag bridges:fleet`,
  ],
])('%j', (reason, text) => {
  expect(describeReason(reason)).toBe(text);
});

test('a long console is cut', () => {
  const text = describeReason({ ...boot, lines: ['x'.repeat(1000)] });
  expect(text.length).toBeLessThan(320);
});

test('a record carries the reason and its words', () => {
  expect(withText({ code: 'Paused' })).toEqual({ code: 'Paused', text: 'paused by the operator' });
});
