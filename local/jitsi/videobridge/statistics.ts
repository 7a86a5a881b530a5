import { freemem, totalmem } from 'node:os';
import { endpointCount, type Conference, type ConferenceTotals } from './conferences';

/**
 * One report: names and values in the order in which a real build 1126 sends them (a Java
 * HashMap's).
 */
export type Statistics = ReadonlyMap<string, StatisticValue>;
export type StatisticValue = number | boolean | string | readonly number[] | JavaDouble;

/** A Java `double`, which writes 0 as `0.0`. */
export class JavaDouble {
  constructor(readonly value: number) {}
}

/**
 * Packets per second, both ways together, that one participant costs: 1 % of the 50800 that Jicofo
 * takes for a full bridge, so that stress = participants × 0.01.
 */
export const packetsPerParticipant = { download: 180, upload: 328 } as const;
const kilobitsPerParticipant = { download: 1200, upload: 2600 } as const;

export interface StatisticsSource {
  readonly conferences: readonly Conference[];
  readonly totals: ConferenceTotals;
  readonly gracefulShutdown: boolean;
  /** Traffic so far, from {@link Traffic}. */
  readonly traffic: TrafficTotals;
  readonly nowMilliseconds: number;
}

export interface TrafficTotals {
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** Adds up what the participants would have sent and received. */
export class Traffic {
  private participantSeconds = 0;
  private sinceMilliseconds: number;

  constructor(nowMilliseconds: number) {
    this.sinceMilliseconds = nowMilliseconds;
  }

  /** Counts the time since the last call at this many participants. */
  advance(nowMilliseconds: number, participants: number): TrafficTotals {
    const seconds = Math.max(0, nowMilliseconds - this.sinceMilliseconds) / 1000;
    this.participantSeconds += seconds * participants;
    this.sinceMilliseconds = nowMilliseconds;
    const total = (perSecond: number) => Math.round(this.participantSeconds * perSecond);
    return {
      packetsReceived: total(packetsPerParticipant.download),
      packetsSent: total(packetsPerParticipant.upload),
      bytesReceived: total(kilobitsPerParticipant.download * 125),
      bytesSent: total(kilobitsPerParticipant.upload * 125),
    };
  }
}

export function participantCount(conferences: readonly Conference[]): number {
  return conferences.reduce((sum, conference) => sum + endpointCount(conference), 0);
}

/**
 * The 47 statistics of v1 (VideobridgeStatistics.java). Neither `stress_level` nor `healthy` nor
 * `drain` exists there.
 */
export function bridgeStatistics(source: StatisticsSource): Statistics {
  const { conferences, totals, traffic } = source;
  const sizes = conferences.map(endpointCount);
  const participants = participantCount(conferences);
  const videoChannels = conferences.map((conference) => channelCount([conference], 'video'));
  const rate = (perParticipant: number) => participants * perParticipant;
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  return new Map<string, StatisticValue>([
    ['packet_rate_download', rate(packetsPerParticipant.download)],
    ['total_tcp_connections', 0],
    ['conference_sizes', sizeBuckets(sizes)],
    ['total_packets_sent_octo', 0],
    ['total_loss_degraded_participant_seconds', 0],
    ['bit_rate_download', rate(kilobitsPerParticipant.download)],
    // Without a lastN each video channel is sent the others and sends one itself.
    ['videostreams', videoChannels.reduce((sum, count) => sum + count * count, 0)],
    ['jitter_aggregate', new JavaDouble(participants > 0 ? 6.5 : 0)],
    ['total_channels', totals.channels],
    ['total_memory', megabytes(totalmem())],
    ['current_timestamp', timestamp(source.nowMilliseconds)],
    ['total_packets_received', traffic.packetsReceived],
    ['rtt_aggregate', new JavaDouble(participants > 0 ? 41.5 : 0)],
    ['packet_rate_upload', rate(packetsPerParticipant.upload)],
    ['conferences', conferences.length],
    ['participants', participants],
    ['total_loss_limited_participant_seconds', 0],
    ['largest_conference', Math.max(0, ...sizes)],
    ['total_packets_sent', traffic.packetsSent],
    ['total_data_channel_messages_sent', 0],
    ['total_bytes_received_octo', 0],
    ['total_no_transport_channels', 0],
    ['total_no_payload_channels', 0],
    ['used_memory', megabytes(totalmem() - freemem())],
    ['total_conferences_created', totals.created],
    ['threads', 41 + 4 * conferences.length],
    ['total_colibri_web_socket_messages_received', 0],
    ['videochannels', channelCount(conferences, 'video')],
    ['total_udp_connections', Math.round(totals.channels / 2)],
    ['loss_rate_upload', new JavaDouble(0)],
    ['total_packets_received_octo', 0],
    ['graceful_shutdown', source.gracefulShutdown],
    ['total_colibri_web_socket_messages_sent', 0],
    ['total_bytes_sent_octo', 0],
    ['total_data_channel_messages_received', 0],
    ['loss_rate_download', new JavaDouble(0)],
    ['total_conference_seconds', totals.seconds],
    ['total_bytes_received', traffic.bytesReceived],
    ['rtp_loss', new JavaDouble(0)],
    ['total_loss_controlled_participant_seconds', 0],
    ['total_partially_failed_conferences', 0],
    ['bit_rate_upload', rate(kilobitsPerParticipant.upload)],
    ['total_conferences_completed', totals.completed],
    ['total_bytes_sent', traffic.bytesSent],
    ['total_failed_conferences', 0],
    ['cpu_usage', new JavaDouble(Math.min(1, 0.002 + 0.006 * participants))],
    ['audiochannels', channelCount(conferences, 'audio')],
  ]);
}

/** The value as text in a `<stat value="…"/>`: Java's toString. */
export function statisticText(value: StatisticValue): string {
  if (value instanceof JavaDouble) {
    return Number.isInteger(value.value) ? value.value.toFixed(1) : String(value.value);
  }
  return typeof value === 'object' ? `[${value.join(',')}]` : String(value);
}

/** The same report as `GET /colibri/stats` returns it. */
export function statisticsObject(statistics: Statistics): Record<string, unknown> {
  return Object.fromEntries(
    [...statistics].map(([name, value]) => [
      name,
      value instanceof JavaDouble ? value.value : value,
    ]),
  );
}

/** 22 buckets by participants; the last one holds 21 and more. */
function sizeBuckets(sizes: readonly number[]): number[] {
  const buckets = new Array<number>(22).fill(0);
  for (const size of sizes) {
    const index = Math.min(size, buckets.length - 1);
    buckets[index] = (buckets[index] ?? 0) + 1;
  }
  return buckets;
}

function channelCount(conferences: readonly Conference[], media: 'audio' | 'video'): number {
  return conferences.reduce(
    (sum, { channels }) => sum + channels.filter((channel) => channel.media === media).length,
    0,
  );
}

/** UTC `yyyy-MM-dd HH:mm:ss.SSS`. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
