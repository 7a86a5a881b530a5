import xml, { type Element } from '@xmpp/xml';
import { answerConferenceModify } from '../../../../local/jitsi/videobridge2/colibri2';
import { Conferences } from '../../../../local/jitsi/videobridge2/conferences';

const newcomer = (id: string) =>
  xml(
    'endpoint',
    { id, create: 'true' },
    xml('capability', { name: 'source-names' }),
    xml('transport'),
  );
const named = (id: string) => xml('endpoint', { id });
const leaver = (id: string) => xml('endpoint', { id, expire: 'true' });

let seconds = 0;
let conferences: Conferences;

beforeEach(() => {
  seconds = 0;
  conferences = new Conferences(() => seconds * 1000);
});

/** The answer in short: `result`, or condition and reason of the error. */
function ask(
  attributes: Readonly<Record<string, string>>,
  endpoints: readonly Element[] = [],
  refuses = false,
): string {
  const request = xml('conference-modify', { 'meeting-id': 'm', ...attributes }, ...endpoints);
  const iq = xml('iq', { from: 'room/focus', to: 'jvb', id: '1', type: 'set' }, request);
  const answer = answerConferenceModify(iq, request, conferences, refuses);
  const error = answer.getChild('error');
  if (error === undefined) return answer.attrs['type'] ?? '';
  const parts = error.getChildElements();
  return [parts[0]?.name, error.getChild('error')?.attrs['reason']].filter(Boolean).join(' ');
}

test('a conference is made with its first endpoint, grows, and is over with its last', () => {
  expect(ask({ create: 'true' }, [newcomer('a')])).toBe('result');
  expect(ask({}, [newcomer('b'), newcomer('c')])).toBe('result');
  expect(conferences.participantCount()).toBe(3);
  expect(ask({}, [leaver('a'), leaver('b')])).toBe('result');
  expect(conferences.list()).toEqual([{ meetingId: 'm', endpoints: ['c'] }]);
  seconds = 90;
  expect(ask({}, [leaver('c')])).toBe('result');
  expect(conferences.list()).toEqual([]);
  expect(conferences.totals()).toEqual({ created: 1, completed: 1, participants: 3, seconds: 90 });
});

test('a whole conference can be ended at once', () => {
  ask({ create: 'true' }, [newcomer('a'), newcomer('b')]);
  expect(ask({ expire: 'true' })).toBe('result');
  expect(conferences.participantCount()).toBe(0);
});

test.each<[string, string, () => string]>([
  [
    'another conference of the same id',
    'conflict conference_already_exists',
    () => {
      ask({ create: 'true' }, [newcomer('a')]);
      return ask({ create: 'true' }, [newcomer('b')]);
    },
  ],
  [
    'a new conference in graceful shutdown',
    'service-unavailable graceful_shutdown',
    () => ask({ create: 'true' }, [newcomer('a')], true),
  ],
  [
    'a conference that is not there',
    'item-not-found conference_not_found',
    () => ask({}, [newcomer('a')]),
  ],
  [
    'an endpoint that is not there',
    'item-not-found unknown_endpoint',
    () => {
      ask({ create: 'true' }, [newcomer('a')]);
      return ask({}, [named('b')]);
    },
  ],
  [
    'an endpoint twice',
    'conflict',
    () => {
      ask({ create: 'true' }, [newcomer('a')]);
      return ask({}, [newcomer('a')]);
    },
  ],
  [
    'an endpoint without a transport',
    'bad-request',
    () => ask({ create: 'true' }, [xml('endpoint', { id: 'a', create: 'true' })]),
  ],
  ['no meeting id', 'bad-request', () => ask({ 'meeting-id': '', create: 'true' })],
])('%s is answered with %s', (_, expected, act) => {
  expect(act()).toBe(expected);
});

test('people in a running conference may join during a graceful shutdown', () => {
  ask({ create: 'true' }, [newcomer('a')]);
  expect(ask({}, [newcomer('b')], true)).toBe('result');
});

test('who is not heard of for a minute is gone, and then the conference', () => {
  ask({ create: 'true' }, [newcomer('a'), newcomer('b')]);
  seconds = 50;
  ask({}, [named('a')]);
  seconds = 61;
  conferences.sweep(60);
  expect(conferences.list()).toEqual([{ meetingId: 'm', endpoints: ['a'] }]);
  seconds = 111;
  conferences.sweep(60);
  expect(conferences.list()).toEqual([]);
});
