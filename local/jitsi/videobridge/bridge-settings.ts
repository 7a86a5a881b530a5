import { numberProperty } from '../java-properties';

/**
 * What the bridge takes from `sip-communicator.properties` (keys below `org.jitsi.videobridge.`).
 */
export interface BridgeSettings {
  readonly statisticsEnabled: boolean;
  /** Names between commas, untrimmed as in v1: ` pubsub` is not `pubsub`. */
  readonly transports: readonly string[];
  readonly pubsubService: string | undefined;
  readonly pubsubNode: string | undefined;
  readonly intervalMilliseconds: number;
  readonly restShutdownEnabled: boolean;
  /**
   * Regular expression for the whole address or JID that may ask for shutdown; undefined = nobody
   * may.
   */
  readonly shutdownSources: string | undefined;
  /**
   * Regular expression for the whole JID that may allocate conferences or ask for health;
   * undefined = anyone may.
   */
  readonly authorizedSources: string | undefined;
  /** Pause between two checks for channels and conferences that have ended. */
  readonly expireCheckSeconds: number;
}

export function bridgeSettings(properties: ReadonlyMap<string, string>): BridgeSettings {
  const own = (name: string) => properties.get(`org.jitsi.videobridge.${name}`);
  const interval = numberProperty(properties, 'org.jitsi.videobridge.STATISTICS_INTERVAL', 1000);
  return {
    statisticsEnabled: own('ENABLE_STATISTICS') === 'true',
    transports: (own('STATISTICS_TRANSPORT') ?? '').split(','),
    pubsubService: own('PUBSUB_SERVICE'),
    pubsubNode: own('PUBSUB_NODE'),
    intervalMilliseconds: numberProperty(
      properties,
      'org.jitsi.videobridge.STATISTICS_INTERVAL.pubsub',
      interval,
    ),
    restShutdownEnabled: own('ENABLE_REST_SHUTDOWN') === 'true',
    authorizedSources: own('AUTHORIZED_SOURCE_REGEXP'),
    shutdownSources: own('shutdown.ALLOWED_SOURCE_REGEXP') ?? own('AUTHORIZED_SOURCE_REGEXP'),
    expireCheckSeconds: numberProperty(
      properties,
      'org.jitsi.videobridge.EXPIRE_CHECK_SLEEP_SEC',
      60,
    ),
  };
}
