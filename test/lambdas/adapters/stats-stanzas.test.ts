import parse from '@xmpp/xml/lib/parse.js';
import { statsItemsOf } from '../../../lambdas/adapters/stats-stanzas';
import { capturedStanza, capturedStats } from '../core/stanzas';

const captured = capturedStanza('component-event');

test('a captured notification is one item with all 47 stats in their order', () => {
  const items = statsItemsOf(parse(captured), 'meet.test');
  expect(items).toEqual([
    { itemId: 'videobridge1.meet.test', stats: capturedStats('component-event') },
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
