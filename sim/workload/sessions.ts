/** Stays of people on bridges, in typed arrays that grow: a week of a large fleet has a million. */
export class SessionList {
  length = 0;
  private conferences = new Int32Array(1 << 16);
  private joins = new Float64Array(1 << 16);
  private leaves = new Float64Array(1 << 16);

  /** Times in seconds, kept to a tenth; a stay lasts at least that. */
  add(conference: number, joinAt: number, leaveAt: number): void {
    if (this.length === this.joins.length) this.grow();
    const join = Math.round(joinAt * 10) / 10;
    this.conferences[this.length] = conference;
    this.joins[this.length] = join;
    this.leaves[this.length] = Math.max(join + 0.1, Math.round(leaveAt * 10) / 10);
    this.length += 1;
  }

  conferenceOf(index: number): number {
    return this.conferences[index] ?? -1;
  }

  joinAt(index: number): number {
    return this.joins[index] ?? NaN;
  }

  leaveAt(index: number): number {
    return this.leaves[index] ?? NaN;
  }

  private grow(): void {
    const bigger = this.joins.length * 2;
    const conferences = new Int32Array(bigger);
    const joins = new Float64Array(bigger);
    const leaves = new Float64Array(bigger);
    conferences.set(this.conferences);
    joins.set(this.joins);
    leaves.set(this.leaves);
    Object.assign(this, { conferences, joins, leaves });
  }
}
