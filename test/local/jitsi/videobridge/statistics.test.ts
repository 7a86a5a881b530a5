import {
  bridgeStatistics,
  statisticsObject,
  statisticText,
  Traffic,
} from '../../../../local/jitsi/videobridge/statistics';
import type { Conference } from '../../../../local/jitsi/videobridge/conferences';
import { captured } from './stanza-shapes';

function conferenceOf(size: number): Conference {
  const channels = Array.from({ length: size }, (_, index) =>
    (['audio', 'video'] as const).map((media) => ({
      id: `${media}-${index}`,
      endpoint: `guest-${index}`,
      media,
      expireSeconds: 60,
    })),
  );
  return { id: `conference-${size}`, channels: channels.flat() };
}

function report(sizes: readonly number[]) {
  return bridgeStatistics({
    conferences: sizes.map(conferenceOf),
    totals: { created: sizes.length, completed: 0, channels: 0, seconds: 0 },
    gracefulShutdown: false,
    traffic: new Traffic(0).advance(1000, 0),
    nowMilliseconds: Date.UTC(2026, 10, 22, 14, 23, 46, 456),
  });
}

test('has the 47 names of the captured report in its order', () => {
  const [event] = captured('component-event.xml');
  const stats = ['event', 'items', 'item', 'stats'].reduce(
    (element, name) => element && element.getChildren(name)[0],
    event,
  );
  const names = stats && stats.getChildElements().map(({ attrs }) => attrs['name']);
  expect(names).toHaveLength(47);
  expect([...report([]).keys()]).toEqual(names);
});

test('one participant is one hundredth of a full bridge, and the processor is never the limit', () => {
  for (const participants of [1, 7, 40, 100]) {
    const { packet_rate_download, packet_rate_upload, cpu_usage } = statisticsObject(
      report([participants]),
    ) as Record<string, number>;
    const stress = ((packet_rate_download ?? 0) + (packet_rate_upload ?? 0)) / 50_800;
    expect(stress).toBeCloseTo(participants * 0.01, 10);
    expect((cpu_usage ?? 1) / 0.9).toBeLessThan(stress);
  }
});

test('counts conferences by size in 22 buckets, the last for 21 and more', () => {
  const figures = statisticsObject(report([0, 3, 3, 21, 30]));
  const expected = new Array<number>(22).fill(0);
  expected[0] = 1;
  expected[3] = 2;
  expected[21] = 2;
  expect(figures).toMatchObject({
    conference_sizes: expected,
    conferences: 5,
    participants: 57,
    largest_conference: 30,
    videochannels: 57,
    videostreams: 9 + 9 + 21 * 21 + 30 * 30,
  });
});

test('writes values as Java does', () => {
  const text = new Map([...report([2])].map(([name, value]) => [name, statisticText(value)]));
  expect(text.get('current_timestamp')).toBe('2026-11-22 14:23:46.456');
  expect(text.get('loss_rate_upload')).toBe('0.0');
  expect(text.get('graceful_shutdown')).toBe('false');
  expect(text.get('conference_sizes')).toBe('[0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]');
  expect(text.get('cpu_usage')).toMatch(/^0\.\d+$/);
});

test('traffic adds up over time and participants', () => {
  const traffic = new Traffic(0);
  traffic.advance(10_000, 5);
  expect(traffic.advance(20_000, 10)).toMatchObject({
    packetsReceived: 150 * 180,
    packetsSent: 150 * 328,
  });
});
