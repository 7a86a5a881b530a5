import type { Clock } from '../../../local/aws/clock';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still until a test moves it; those who sleep wake in the order of their
 * times.
 */
export class ManualClock implements Clock {
  private time = Date.parse('2030-01-01T00:00:00Z');
  private sleepers: Sleeper[] = [];

  now(): Date {
    return new Date(this.time);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.sleepers.push({ until: this.time + milliseconds, wake }));
  }

  /** Moves on; what a sleeper does when it wakes happens at its own time. */
  async advance(seconds: number): Promise<void> {
    const end = this.time + seconds * 1000;
    await settle();
    for (;;) {
      const next = this.sleepers.reduce<Sleeper | undefined>(
        (first, one) => (first === undefined || one.until < first.until ? one : first),
        undefined,
      );
      if (next === undefined || next.until > end) break;
      this.time = Math.max(this.time, next.until);
      this.sleepers = this.sleepers.filter((one) => one !== next);
      next.wake();
      await settle();
    }
    this.time = end;
  }
}

/** Lets everything run that waits for nothing but its turn. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
