import xml, { type Element } from '@xmpp/xml';
import { answerConference } from '../../../../local/jitsi/videobridge/colibri';
import { Conferences, endpointCount } from '../../../../local/jitsi/videobridge/conferences';
import { namespaces } from '../../../../local/jitsi/xmpp/namespaces';

function setup() {
  let milliseconds = 0;
  const conferences = new Conferences(() => milliseconds);
  const ask = (attributes: Record<string, string>, channels: Element[], isShuttingDown = false) => {
    const request = xml(
      'conference',
      { xmlns: namespaces.colibri, ...attributes },
      xml('content', { name: 'audio' }, ...channels),
      xml('content', { name: 'video' }, ...channels),
    );
    const iq = xml('iq', { to: 'b.meet.test', from: 'focus@auth.meet.test/f', id: '1' }, request);
    return answerConference(iq, request, conferences, isShuttingDown);
  };
  const pass = (seconds: number) => {
    milliseconds += seconds * 1000;
    conferences.sweep();
  };
  return { conferences, ask, pass };
}

const newChannel = (endpoint: string) =>
  xml('channel', { endpoint, expire: '60', initiator: 'true' });

function answered(answer: Element): { id: string; channels: Record<string, string | undefined>[] } {
  const conference = answer.getChild('conference', namespaces.colibri);
  const contents = conference === undefined ? [] : conference.getChildren('content');
  return {
    id: conference?.attrs['id'] ?? '',
    channels: contents.flatMap((content) =>
      content.getChildren('channel').map(({ attrs }) => ({ ...attrs })),
    ),
  };
}

test('a conference without an id is made, and its channels have ids', () => {
  const { conferences, ask } = setup();
  const answer = ask({}, [newChannel('ann'), newChannel('bob')]);
  const { id, channels } = answered(answer);
  expect(answer.attrs).toMatchObject({ type: 'result', to: 'focus@auth.meet.test/f' });
  expect(conferences.has(id)).toBe(true);
  expect(new Set(channels.map((channel) => channel['id'])).size).toBe(4);
  expect(conferences.list().map(endpointCount)).toEqual([2]);
});

test('a channel that expires in 0 s is gone at once, its conference at the next look', () => {
  const { conferences, ask, pass } = setup();
  const { id, channels } = answered(ask({}, [newChannel('ann')]));
  const ended = channels.map((channel) => xml('channel', { id: channel['id'] ?? '', expire: '0' }));
  expect(answered(ask({ id }, ended)).channels).toEqual([]);
  expect(conferences.list().map(endpointCount)).toEqual([0]);
  pass(1);
  expect(conferences.list()).toEqual([]);
  expect(conferences.totals()).toMatchObject({ created: 1, completed: 1 });
});

test('a channel that nobody touches for its time expires', () => {
  const { conferences, ask, pass } = setup();
  const { id, channels } = answered(ask({}, [newChannel('ann'), newChannel('bob')]));
  const ofAnn = channels.filter((channel) => channel['endpoint'] === 'ann');
  pass(50);
  ask(
    { id },
    ofAnn.map((channel) => xml('channel', { id: channel['id'] ?? '', expire: '60' })),
  );
  pass(20);
  expect(conferences.list().map(endpointCount)).toEqual([1]);
});

test('while shutting down new conferences are refused and running ones still grow', () => {
  const { conferences, ask } = setup();
  const { id } = answered(ask({}, [newChannel('ann')]));
  const refusal = ask({}, [newChannel('cat')], true).getChild('error');
  expect(refusal && refusal.getChildElements().map(({ name }) => name)).toEqual([
    'service-unavailable',
    'graceful-shutdown',
  ]);
  ask({ id }, [newChannel('bob')], true);
  expect(conferences.list().map(endpointCount)).toEqual([2]);
});

test('a conference that is not there is a bad request', () => {
  const { ask } = setup();
  const error = ask({ id: 'gone' }, []).getChild('error');
  expect(error && error.getChildElements()[0]?.name).toBe('bad-request');
});
