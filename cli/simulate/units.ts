export const units = ['load', 'participants'] as const;

/**
 * What the values of a trace are: load in reference bridges, as the metric `Load`, or people in
 * calls.
 */
export type Unit = (typeof units)[number];
