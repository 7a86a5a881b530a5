/**
 * Time as the emulated AWS sees it. A test gives one that it advances itself; a speed-up is a
 * clock that runs faster.
 */
export interface Clock {
  now(): Date;
  /**
   * Resolves when `milliseconds` of this clock's time have passed. Does not keep the process
   * alive.
   */
  sleep(milliseconds: number): Promise<void>;
}

export const realClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds).unref();
    }),
};
