import type { SessionList } from './sessions';

/**
 * The number of people on bridges over time, known in full: only the clairvoyant may look ahead.
 */
export class Demand {
  /** Most participants in each bin. */
  private readonly most: Int32Array;
  readonly participantSeconds: number;

  /**
   * @param times changes of {@link levels}, ascending; level `i` holds from `times[i]` to the next one
   */
  constructor(
    private readonly times: Float64Array,
    private readonly levels: Int32Array,
    private readonly range: { readonly from: number; readonly to: number },
    private readonly binSeconds = 15,
  ) {
    this.most = new Int32Array(Math.ceil((range.to - range.from) / binSeconds) + 1);
    this.participantSeconds = this.integrate((level) => level, 0, range.to);
    this.forEachStretch(range.from, range.to, (level, from, to) => {
      const last = this.binOf(to - 1e-6);
      for (let bin = this.binOf(from); bin <= last; bin += 1)
        if (level > (this.most[bin] ?? 0)) this.most[bin] = level;
    });
  }

  /** Most participants at any time in [from, to]. */
  maximum(from: number, to: number): number {
    let most = 0;
    const last = Math.min(this.most.length - 1, this.binOf(to));
    for (let bin = Math.max(0, this.binOf(from)); bin <= last; bin += 1) {
      const level = this.most[bin] ?? 0;
      if (level > most) most = level;
    }
    return most;
  }

  /** ∫ f(participants) dt over [from, to]. */
  integrate(value: (level: number) => number, from: number, to: number): number {
    let sum = 0;
    this.forEachStretch(from, to, (level, start, end) => {
      sum += value(level) * (end - start);
    });
    return sum;
  }

  private forEachStretch(
    from: number,
    to: number,
    visit: (level: number, from: number, to: number) => void,
  ): void {
    let level = 0;
    let since = from;
    for (let index = 0; index < this.times.length; index += 1) {
      const at = this.times[index] ?? 0;
      if (at > to) break;
      if (at > since) {
        visit(level, since, at);
        since = at;
      }
      level = this.levels[index] ?? 0;
    }
    if (to > since) visit(level, since, to);
  }

  private binOf(at: number): number {
    return Math.floor((at - this.range.from) / this.binSeconds);
  }
}

/** Joins and leaves in the order they happen; leaves first when at the same tenth of a second. */
export class Timeline {
  private readonly keys: Float64Array;

  constructor(
    private readonly sessions: SessionList,
    private readonly range: { readonly from: number; readonly to: number },
  ) {
    const keys = new Float64Array(sessions.length * 2);
    let count = 0;
    for (let index = 0; index < sessions.length; index += 1) {
      const join = Math.max(range.from, sessions.joinAt(index));
      const leave = sessions.leaveAt(index);
      if (leave <= join || join >= range.to) continue;
      keys[count++] = this.pack(join, index, 1);
      keys[count++] = this.pack(leave, index, 0);
    }
    this.keys = keys.subarray(0, count).sort();
  }

  forEach(visit: (at: number, session: number, isJoin: boolean) => void): void {
    for (const key of this.keys) {
      const tenths = Math.floor(key / keySpan);
      const rest = key - tenths * keySpan;
      const isJoin = rest >= sessionSpan;
      visit(tenths / 10 + this.range.from, isJoin ? rest - sessionSpan : rest, isJoin);
    }
  }

  demand(): Demand {
    const times = new Float64Array(this.keys.length);
    const levels = new Int32Array(this.keys.length);
    let level = 0;
    let index = 0;
    this.forEach((at, _, isJoin) => {
      level += isJoin ? 1 : -1;
      times[index] = at;
      levels[index++] = level;
    });
    return new Demand(times, levels, this.range);
  }

  private pack(at: number, session: number, isJoin: number): number {
    if (session >= sessionSpan) throw new RangeError(`more than ${sessionSpan} sessions`);
    const tenths = Math.round((at - this.range.from) * 10);
    return tenths * keySpan + isJoin * sessionSpan + session;
  }
}

/**
 * A key has, from the top: tenths of seconds, join or leave, number of the session. All fits 53
 * bits.
 */
const sessionSpan = 2 ** 23;
const keySpan = 2 ** 24;
