import {
  JavaDouble,
  packetsPerParticipant,
  type StatisticValue,
  type Statistics,
  type TrafficTotals,
} from '../videobridge/statistics';
import type { ConferenceTotals } from './conferences';

/** What is counted every few seconds only: figures of people lag behind those of conferences. */
export interface PeriodicFigures {
  readonly participants: number;
  readonly largestConference: number;
}

export interface StatisticsSource {
  readonly conferenceCount: number;
  readonly localEndpoints: number;
  readonly periodic: PeriodicFigures;
  readonly totals: ConferenceTotals;
  readonly traffic: TrafficTotals;
  readonly stress: number;
  readonly averageParticipantStress: number;
  readonly gracefulShutdown: boolean;
  readonly shuttingDown: boolean;
  readonly drain: boolean;
  readonly healthy: boolean;
  readonly clients: { readonly configured: number; readonly connected: number };
  readonly rooms: { readonly configured: number; readonly joined: number };
  readonly region: string | undefined;
  readonly relayId: string | undefined;
  readonly nowMilliseconds: number;
}

/** Version of the bridge that this one stands for, as its stats say it. */
export const bridgeVersion = '2.3.307-g4bb0aead1';

const kilobitsPerParticipant = { download: 1200, upload: 2600 } as const;
const notMoving = new JavaDouble(0);

/**
 * The statistics of build 2.3-312 in its order (VideobridgeStatisticsShim.kt): 82, less those of a
 * relay and a region.
 */
export function bridgeStatistics(source: StatisticsSource): Statistics {
  const { periodic, totals, traffic } = source;
  const { participants } = periodic;
  const rate = (perParticipant: number) => participants * perParticipant;
  const zeros = (...names: readonly string[]) =>
    names.map((name): [string, StatisticValue] => [name, 0]);
  const optional = (name: string, value: string | undefined): [string, StatisticValue][] =>
    value === undefined ? [] : [[name, value]];
  return new Map<string, StatisticValue>([
    ['incoming_loss', notMoving],
    ['outgoing_loss', notMoving],
    ['overall_loss', notMoving],
    ...zeros('endpoints_with_high_outgoing_loss', 'tcc_unmatched_feedback'),
    ['local_active_endpoints', participants],
    ['bit_rate_download', rate(kilobitsPerParticipant.download)],
    ['bit_rate_upload', rate(kilobitsPerParticipant.upload)],
    ['packet_rate_download', rate(packetsPerParticipant.download)],
    ['packet_rate_upload', rate(packetsPerParticipant.upload)],
    ['rtt_aggregate', new JavaDouble(participants > 0 ? 41.5 : 0)],
    ...zeros('num_eps_oversending', 'octo_conferences', 'inactive_conferences', 'p2p_conferences'),
    ['endpoints', participants],
    ['participants', participants],
    ...zeros('receive_only_endpoints', 'inactive_endpoints', 'octo_endpoints'),
    ['endpoints_sending_audio', participants],
    ['endpoints_sending_video', participants],
    ['largest_conference', periodic.largestConference],
    ...zeros('octo_receive_bitrate', 'octo_receive_packet_rate', 'octo_send_bitrate'),
    ...zeros('octo_send_packet_rate', 'endpoints_with_suspended_sources'),
    ['total_conferences_created', totals.created],
    ['total_conferences_completed', totals.completed],
    ['total_conference_seconds', totals.seconds],
    ['total_participants', totals.participants],
    ...zeros('total_visitors', 'num_eps_no_msg_transport_after_delay', 'total_relays'),
    ...zeros('num_relays_no_msg_transport_after_delay', 'total_keyframes_received'),
    ...zeros('total_layering_changes_received', 'total_video_stream_milliseconds_received'),
    ['stress_level', new JavaDouble(source.stress)],
    ['conferences', source.conferenceCount],
    ...zeros('visitors'),
    ['local_endpoints', source.localEndpoints],
    ...zeros('total_data_channel_messages_received', 'total_data_channel_messages_sent'),
    ...zeros('total_colibri_web_socket_messages_received'),
    ...zeros('total_colibri_web_socket_messages_sent'),
    ['total_bytes_received', traffic.bytesReceived],
    ...zeros('endpoints_ice_failed', 'dtls_failed_endpoints', 'relays_ice_failed'),
    ...zeros('dtls_failed_relays'),
    ['total_bytes_sent', traffic.bytesSent],
    ['total_packets_received', traffic.packetsReceived],
    ['total_packets_sent', traffic.packetsSent],
    ...zeros('total_bytes_received_octo', 'total_bytes_sent_octo', 'total_packets_received_octo'),
    ...zeros('total_packets_sent_octo', 'total_dominant_speaker_changes', 'preemptive_kfr_sent'),
    ...zeros('preemptive_kfr_suppressed', 'total_ice_failed'),
    ['total_ice_succeeded', totals.participants],
    ...zeros('total_ice_succeeded_relayed'),
    ['average_participant_stress', new JavaDouble(source.averageParticipantStress)],
    ['threads', 29 + 4 * source.conferenceCount],
    ['graceful_shutdown', source.gracefulShutdown],
    ['shutting_down', source.shuttingDown],
    ['drain', source.drain],
    ['current_timestamp', timestamp(source.nowMilliseconds)],
    ...optional('relay_id', source.relayId),
    ['muc_clients_configured', source.clients.configured],
    ['muc_clients_connected', source.clients.connected],
    ['mucs_configured', source.rooms.configured],
    ['mucs_joined', source.rooms.joined],
    ...zeros('endpoints_with_spurious_remb'),
    ['healthy', source.healthy],
    ...zeros('endpoints_disconnected', 'endpoints_reconnected'),
    ['version', bridgeVersion],
    ...optional('region', source.region),
  ]);
}

/** UTC `yyyy-MM-dd HH:mm:ss.SSS`. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}
