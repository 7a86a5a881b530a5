/** Things to do at given times; equal times in the order they were put in. */
export class Agenda {
  /** Latest first, so that the next one is popped from the end. */
  private readonly entries: { readonly at: number; readonly run: (at: number) => void }[] = [];

  get nextAt(): number {
    return this.entries.at(-1)?.at ?? Infinity;
  }

  add(at: number, run: (at: number) => void): void {
    if (at === Infinity) return;
    let index = this.entries.length;
    while (index > 0 && (this.entries[index - 1]?.at ?? Infinity) <= at) index -= 1;
    this.entries.splice(index, 0, { at, run });
  }

  /** Repeats from `from` on while before `to`. */
  every(seconds: number, from: number, to: number, run: (at: number) => void): void {
    if (from >= to) return;
    this.add(from, (at) => {
      run(at);
      this.every(seconds, from + seconds, to, run);
    });
  }

  runUntil(until: number): void {
    while (this.nextAt <= until) {
      const next = this.entries.pop();
      next?.run(next.at);
    }
  }
}
