/** A 5-minute average of the fleet's load; `at` is the start of the 5 minutes. */
export interface LoadSample {
  readonly at: number;
  readonly load: number;
}

export const historyBinSeconds = 300;

/** Collects stays and gives the average number of people per 5 minutes. */
export class HistoryBins {
  private readonly seconds: Float64Array;

  constructor(private readonly range: { readonly from: number; readonly to: number }) {
    this.seconds = new Float64Array(Math.ceil((range.to - range.from) / historyBinSeconds));
  }

  add(joinAt: number, leaveAt: number): void {
    const from = Math.max(this.range.from, joinAt) - this.range.from;
    const to = Math.min(this.range.to, leaveAt) - this.range.from;
    for (let at = from; at < to;) {
      const bin = Math.floor(at / historyBinSeconds);
      const end = Math.min(to, (bin + 1) * historyBinSeconds);
      this.seconds[bin] = (this.seconds[bin] ?? 0) + end - at;
      at = end;
    }
  }

  samples(stressPerParticipant: number): readonly LoadSample[] {
    return [...this.seconds].map((seconds, index) => ({
      at: this.range.from + index * historyBinSeconds,
      load: (seconds / historyBinSeconds) * stressPerParticipant,
    }));
  }
}
