import {
  readStats,
  type RejectionReason,
  type StatsContext,
  type StatsItem,
  type StatsReport,
} from '../core/stats';

/** What was heard in one window. */
export interface Gathered {
  /** Newest report of each bridge. */
  readonly reports: readonly StatsReport[];
  /** Whether Server A's default bridge, which is not ours, was heard. */
  readonly observed: boolean;
  /** Refused reports by reason; reasons that did not occur are absent. */
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>;
}

/** Reads items one by one as they come and keeps the newest of each bridge. */
export class Gatherer {
  readonly #reports = new Map<string, StatsReport>();
  readonly #rejected: Partial<Record<RejectionReason, number>> = {};
  #observed = false;

  add(item: StatsItem, context: StatsContext): void {
    const reading = readStats(item, context);
    switch (reading.kind) {
      case 'report':
        this.#keep(reading.report);
        return;
      case 'observed':
        this.#observed = true;
        return;
      case 'rejected':
        this.#rejected[reading.reason] = (this.#rejected[reading.reason] ?? 0) + 1;
    }
  }

  hasAll(instanceIds: ReadonlySet<string>): boolean {
    return [...instanceIds].every((id) => this.#reports.has(id));
  }

  result(): Gathered {
    return {
      reports: [...this.#reports.values()],
      observed: this.#observed,
      rejected: { ...this.#rejected },
    };
  }

  #keep(report: StatsReport): void {
    const known = this.#reports.get(report.instanceId);
    if (known === undefined || report.reportedAt >= known.reportedAt)
      this.#reports.set(report.instanceId, report);
  }
}
