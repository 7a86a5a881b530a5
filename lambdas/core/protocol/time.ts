/** Epoch seconds, UTC. */
export type EpochSeconds = number;
