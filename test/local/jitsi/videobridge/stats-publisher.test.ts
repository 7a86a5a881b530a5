import xml, { type Element } from '@xmpp/xml';
import { bridgeStatistics } from '../../../../local/jitsi/videobridge/statistics';
import { StatsPublisher } from '../../../../local/jitsi/videobridge/stats-publisher';
import { ask, type IqAnswer } from '../../../../local/jitsi/xmpp/iq';
import { captured, parseStanzas, shape } from './stanza-shapes';

const idle = bridgeStatistics({
  conferences: [],
  totals: { created: 0, completed: 0, channels: 0, seconds: 0 },
  gracefulShutdown: false,
  traffic: { packetsReceived: 0, packetsSent: 0, bytesReceived: 0, bytesSent: 0 },
  nowMilliseconds: Date.UTC(2026, 10, 22),
});

const result: IqAnswer = { kind: 'result', payload: undefined };
const error = (type: string, condition: string): IqAnswer => ({ kind: 'error', type, condition });

/** A publisher whose service gives the answers in turn; `sent` has the actions that reached it. */
function publisherAnswered(...answers: IqAnswer[]) {
  const sent: string[] = [];
  const publisher = new StatsPublisher({
    service: 'meet.test',
    node: 'sharedStatsNode',
    itemId: 'videobridge1.meet.test',
    log: () => undefined,
    request: (_to, payload) => {
      sent.push(payload.getChildElements()[0]?.name ?? '');
      return Promise.resolve(answers.shift() ?? result);
    },
  });
  return { publisher, sent };
}

/** What xmpp.js makes of an error answer. */
function stanzaError(answer: Element): Error {
  const error = answer.getChild('error');
  const condition = error?.getChildElements()[0]?.name;
  return Object.assign(new Error(condition), {
    name: 'StanzaError',
    type: error?.attrs['type'],
    condition,
  });
}

test('sends create, configure and publish exactly as the captured bridge did', async () => {
  const [create, created, configure, configured, publish, published] = captured(
    'component-publish-and-answers.xml',
  );
  const answers = [created, configured, published];
  const sent: Element[] = [];
  const caller = {
    request: (stanza: Element) => {
      sent.push(...parseStanzas(stanza.toString()));
      const answer = answers.shift();
      if (answer === undefined) throw new Error('the capture has no answer to this');
      return answer.attrs['type'] === 'error'
        ? Promise.reject(stanzaError(answer))
        : Promise.resolve(answer);
    },
  };
  const publisher = new StatsPublisher({
    service: 'meet.test',
    node: 'sharedStatsNode',
    itemId: 'videobridge1.meet.test',
    log: () => undefined,
    request: (to, payload) =>
      ask(caller, { type: 'set', to, from: 'videobridge1.meet.test', payload }),
  });

  await publisher.registered();
  await publisher.publish(idle);

  const expected = [create, configure, publish].map((stanza) => shape(stanza ?? xml('missing')));
  expect(sent.map((stanza) => shape(stanza))).toEqual(expected);
});

test.each([
  ['cancel', 'conflict'],
  ['cancel', 'forbidden'],
  ['auth', 'forbidden'],
])('takes a create refused with %s/%s for success, and does not configure', async (type, name) => {
  const { publisher, sent } = publisherAnswered(error(type, name));
  await publisher.registered();
  await publisher.publish(idle);
  expect(sent).toEqual(['create', 'publish']);
});

test('is silent after any other refusal of create, until it registers again', async () => {
  const { publisher, sent } = publisherAnswered(error('cancel', 'service-unavailable'));
  await publisher.registered();
  await publisher.publish(idle);
  expect(publisher.silent).toBe(true);
  await publisher.registered();
  await publisher.publish(idle);
  expect(sent).toEqual(['create', 'create', 'configure', 'publish']);
});

test('is silent for good after a refused publish, even when it registers again', async () => {
  const { publisher, sent } = publisherAnswered(
    error('auth', 'forbidden'),
    error('auth', 'forbidden'),
  );
  await publisher.registered();
  await publisher.publish(idle);
  await publisher.registered();
  await publisher.publish(idle);
  expect(sent).toEqual(['create', 'publish']);
  expect(publisher.silent).toBe(true);
});

test('never repeats a create that was not answered', async () => {
  const { publisher, sent } = publisherAnswered({ kind: 'timeout' });
  await publisher.registered();
  await publisher.publish(idle);
  await publisher.registered();
  await publisher.publish(idle);
  expect(sent).toEqual(['create']);
});

test('makes the node again when it is gone, and goes on when an answer fails to come', async () => {
  const { publisher, sent } = publisherAnswered(
    result,
    result,
    error('cancel', 'item-not-found'),
    result,
    result,
    { kind: 'timeout' },
  );
  await publisher.registered();
  for (let report = 0; report < 3; report += 1) await publisher.publish(idle);
  expect(sent).toEqual([
    'create',
    'configure',
    'publish',
    'create',
    'configure',
    'publish',
    'publish',
  ]);
});
