import type { Rejection, RejectionReason, StatsReading, StatsReport } from '../core/stats/stats';

/** What was heard in one window. */
export interface Gathered {
  /** Newest report of each bridge. */
  readonly reports: readonly StatsReport[];
  /** Whether Server A's default bridge, which is not ours, was heard. */
  readonly observed: boolean;
  /** Refused reports by reason; reasons that did not occur are absent. */
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>;
}

/** Takes readings one by one as they come and keeps the newest report of each bridge. */
export class Gatherer {
  readonly #reports = new Map<string, StatsReport>();
  /**
   * Bridges whose last word was in the room before we came, with the time of it if it could be
   * read.
   */
  readonly #leftBehind = new Map<string, number | undefined>();
  readonly #rejected: Partial<Record<RejectionReason, number>> = {};
  #observed = false;

  /**
   * What the room repeats to whoever joins. A room does so for ever, also for a bridge that has
   * frozen, so it proves no life: only a report with another time does.
   */
  addRepeated(reading: StatsReading): void {
    if (reading.kind === 'report')
      this.#leftBehind.set(reading.report.instanceId, reading.report.reportedAt);
    if (reading.kind === 'rejected' && reading.instanceId !== undefined)
      this.#leftBehind.set(reading.instanceId, undefined);
  }

  add(reading: StatsReading): void {
    switch (reading.kind) {
      case 'report':
        this.#keep(reading.report);
        return;
      case 'observed':
        this.#observed = true;
        return;
      case 'left':
        this.#reports.delete(reading.instanceId);
        this.#leftBehind.delete(reading.instanceId);
        return;
      case 'nothing':
        return;
      case 'rejected':
        this.#reject(reading);
    }
  }

  hasAll(instanceIds: ReadonlySet<string>): boolean {
    return [...instanceIds].every((id) => this.#reports.has(id));
  }

  result(): Gathered {
    const frozen = [...this.#leftBehind.keys()].filter((id) => !this.#reports.has(id));
    return {
      reports: [...this.#reports.values()],
      observed: this.#observed,
      rejected: { ...this.#rejected, ...(frozen.length === 0 ? {} : { frozen: frozen.length }) },
    };
  }

  #keep(report: StatsReport): void {
    // A room passes a presence on again when it changes the occupant's role: the same report, no
    // newer one.
    if (this.#leftBehind.get(report.instanceId) === report.reportedAt) return;
    const known = this.#reports.get(report.instanceId);
    if (known === undefined || report.reportedAt >= known.reportedAt)
      this.#reports.set(report.instanceId, report);
  }

  #reject({ reason, instanceId }: Rejection): void {
    this.#rejected[reason] = (this.#rejected[reason] ?? 0) + 1;
    if (instanceId !== undefined) this.#leftBehind.delete(instanceId);
  }
}
