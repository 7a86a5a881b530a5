/** Ids of one endpoint's channels on a bridge. */
export interface EndpointChannels {
  readonly audio: string;
  readonly video: string;
}

export interface Allocation {
  readonly conferenceId: string;
  readonly channels: ReadonlyMap<string, EndpointChannels>;
}

export interface PlacedChannels extends Allocation {
  readonly bridge: string;
}

/** What the focus asks of bridges; `ColibriLink` does it over XMPP. */
export interface BridgeLink {
  /**
   * Makes channels, and the conference too when there is no id yet. Undefined when the bridge
   * refuses or does not answer.
   */
  allocate(
    bridge: string,
    conferenceId: string | undefined,
    endpoints: readonly string[],
  ): Promise<Allocation | undefined>;
  /** Ends channels; nobody minds when they are gone already. */
  expire(channels: PlacedChannels): Promise<void>;
  /** Says that media still flows: without a packet in 60 s a bridge drops its channels. */
  touch(channels: PlacedChannels): Promise<void>;
}
