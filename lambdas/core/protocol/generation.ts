/** How bridges and Jicofo speak to each other. What follows from it is in {@link Capabilities}. */
export type Generation = 'component' | 'muc';

/**
 * What a generation of Jitsi can do; the rest of the code asks for these, never for the
 * generation's name.
 */
export interface Capabilities {
  /** How a bridge logs in to Prosody: as XEP-0114 component, or with an account of its own. */
  readonly login: 'component' | 'account';
  /**
   * How statistics reach the collector: published to a PubSub node, or as presence in the brewery.
   */
  readonly statistics: 'pubsub' | 'brewery';
  readonly drain: DrainKind;
}

/**
 * - `reversible`: a drain can be cancelled at any time, calls go on. - `oneWay`: it ends with a
 * restart of the bridge's service, so only while the bridge has no calls.
 */
export type DrainKind = 'reversible' | 'oneWay';

const capabilities: Readonly<Record<Generation, Capabilities>> = {
  component: { login: 'component', statistics: 'pubsub', drain: 'oneWay' },
  muc: { login: 'account', statistics: 'brewery', drain: 'reversible' },
};

export function capabilitiesOf(generation: Generation): Capabilities {
  return capabilities[generation];
}
