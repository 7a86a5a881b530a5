import parse from '@xmpp/xml/lib/parse.js';
import {
  breweryPresenceOf,
  occupantOf,
  statsItemsOf,
} from '../../../../lambdas/adapters/xmpp/stats-stanzas';
import { capturedStanza, capturedStats } from '../../core/stanzas';

const captured = capturedStanza('component-event');

test('a captured notification is one item with all 47 stats in their order', () => {
  const items = statsItemsOf(parse(captured), 'meet.test');
  expect(items).toEqual([
    { kind: 'item', itemId: 'videobridge1.meet.test', stats: capturedStats('component-event') },
  ]);
  expect(items[0]?.stats).toHaveLength(47);
});

test('a notification with several items gives each of them', () => {
  const item = /<item .*<\/item>/.exec(captured)?.[0] ?? '';
  const twice = captured.replace(item, item + item.replace('videobridge1', 'jvb-0abc1234'));
  expect(statsItemsOf(parse(twice), 'meet.test').map(({ itemId }) => itemId)).toEqual([
    'videobridge1.meet.test',
    'jvb-0abc1234.meet.test',
  ]);
});

test.each([
  ['a guest sent it', captured.replace("from='meet.test'", "from='guest@meet.test/x'")],
  ['it has no sender', captured.replace("from='meet.test'", '')],
  ['it is of another node', captured.replace('sharedStatsNode', 'otherNode')],
  ['the event is in another namespace', captured.replace('pubsub#event', 'pubsub')],
  ['the stats are in another namespace', captured.replace('protocol/colibri', 'protocol/other')],
  ['it is a presence of the other generation', capturedStanza('muc-presence')],
  [
    'it only retracts',
    "<message from='meet.test'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='sharedStatsNode'><retract id='a'/></items></event></message>",
  ],
])('nothing is taken from a stanza when %s', (_, stanza) => {
  expect(statsItemsOf(parse(stanza), 'meet.test')).toEqual([]);
});

test('missing names and values are handed on as empty, for the reader of stats to refuse', () => {
  const odd = captured.replace(/<stat .*<\/stats>/, "<stat name='participants'/><stat/></stats>");
  expect(statsItemsOf(parse(odd), 'meet.test')[0]?.stats).toEqual([
    ['participants', ''],
    ['', ''],
  ]);
});

const room = 'JvbBrewery@internal.auth.meet.test';
const presence = capturedStanza('muc-presence');
const [byExit = '', bySigkill = ''] = capturedStanza('muc-presence-unavailable').split('\n');
const presenceOf = (stanza: string) => breweryPresenceOf(parse(stanza), room, 'live');

test('a captured presence has all 82 stats, and the account that the room stamped', () => {
  const heard = presenceOf(presence);
  expect(heard).toEqual({
    ...{ kind: 'presence', nickname: 'jvb-a', accounts: ['jvb@auth.meet.test'], moment: 'live' },
    stats: capturedStats('muc-presence'),
  });
  expect(heard?.stats).toHaveLength(82);
});

test.each([
  ['by a clean exit', byExit, 'jvb-a'],
  ['killed', bySigkill, 'jvb-b'],
])('one that leaves has left: %s', (_, stanza, nickname) => {
  expect(presenceOf(stanza)).toMatchObject({
    ...{ nickname, accounts: ['jvb@auth.meet.test'], stats: 'left' },
  });
});

test('an occupant without stats is heard as such', () => {
  const focus = presence.replace(/<stats.*<\/stats>/, '');
  expect(presenceOf(focus)).toMatchObject({ accounts: ['jvb@auth.meet.test'], stats: undefined });
});

test('a nickname may have slashes, and the room another case', () => {
  const odd = presence.replace(/from='[^']*'/, "from='JVBBREWERY@internal.auth.meet.test/a/b'");
  expect(presenceOf(odd)).toMatchObject({ nickname: 'a/b' });
});

const item = "<item jid='jvb@auth.meet.test/cgo4fsnJQ5Eb' affiliation='owner' role='moderator'/>";

test.each([
  ['the room hides it', presence.replace(" jid='jvb@auth.meet.test/cgo4fsnJQ5Eb'", '')],
  ['there is no stamp', presence.replace(/<x xmlns.*<\/x>/, '')],
  ['there are two stamps', presence.replace(/(<x xmlns.*<\/x>)/, '$1$1')],
  ['one session of two hides it', presence.replace(item, `${item}<item role='moderator'/>`)],
])('an occupant has no account when %s', (_, stanza) => {
  expect(presenceOf(stanza)).toMatchObject({ nickname: 'jvb-a', accounts: [] });
});

test('every session of a nickname counts', () => {
  const second = "<item jid='evil@meet.test/x' affiliation='none' role='participant'/>";
  expect(presenceOf(presence.replace(item, item + second))).toMatchObject({
    accounts: ['jvb@auth.meet.test', 'evil@meet.test'],
  });
});

test.each([
  ['is of another room', presence.replace('jvbbrewery@', 'otherroom@')],
  ['comes from outside of it', presence.replace('jvbbrewery@internal.', 'jvbbrewery@')],
  ['is an error', presence.replace('<presence ', "<presence type='error' ")],
  ['is our own', presence.replace(item, `${item}<status code='110'/>`)],
  ['is a message', presence.replaceAll('presence', 'message')],
])('a stanza is no word of an occupant when it %s', (_, stanza) => {
  expect(presenceOf(stanza)).toBeUndefined();
});

test('the room says who we are, and that it was made for us', () => {
  const codes = "<status code='110'/><status code='201'/>";
  expect(occupantOf(parse(presence.replace(item, item + codes)), room)).toMatchObject({
    isSelf: true,
    isNewRoom: true,
  });
  expect(occupantOf(parse(presence), room)).toMatchObject({ isSelf: false, isNewRoom: false });
});
