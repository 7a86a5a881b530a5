/** Reads the ids of all instances that carry the fleet's tag, in whatever state. */
export type ReadFleet = () => Promise<readonly string[]>;

/**
 * EC2 answers about twenty DescribeInstances a second for the whole account. A busy account has
 * more events than that, so one read serves all events of so many milliseconds.
 */
const freshMilliseconds = 3000;
/** Ids that are remembered beyond the last read: a terminated instance stays the fleet's. */
const mostRemembered = 2000;

/** Which instances are the fleet's, for the life of a warm function. */
export class KnownInstances {
  private readonly ours = new Set<string>();
  private readAt = -Infinity;
  private reading: Promise<void> | undefined;

  /** @param now milliseconds */
  constructor(
    private readonly read: ReadFleet,
    private readonly now: () => number,
  ) {}

  /**
   * Whether an instance is the fleet's. One that EC2 did not list some seconds ago is taken for
   * somebody else's: the next scheduled tick sees it anyway.
   */
  async has(instanceId: string): Promise<boolean> {
    if (this.ours.has(instanceId)) return true;
    if (this.now() - this.readAt >= freshMilliseconds) {
      this.reading ??= this.refresh().finally(() => (this.reading = undefined));
      await this.reading;
    }
    return this.ours.has(instanceId);
  }

  private async refresh(): Promise<void> {
    const at = this.now();
    const listed = await this.read();
    if (this.ours.size + listed.length > mostRemembered) this.ours.clear();
    for (const id of listed) this.ours.add(id);
    this.readAt = at;
  }
}
