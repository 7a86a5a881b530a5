import type { Keeper, KeptResource } from '../cloudformation/kept-resource';
import { eventEnvelope, type EventPlace } from '../event-envelope';
import type { EventQueue } from '../lambda/event-queue';
import { functionReference } from '../lambda/function-reference';
import { ratePeriod } from './rate';
import { scheduleProperties, type Schedule } from './schedule';

export interface SchedulesOptions extends EventPlace {
  readonly queue: Pick<EventQueue, 'add'>;
  /**
   * Where in its first minute a schedule starts, in milliseconds; of its own for each. @default at
   * once
   */
  readonly phase?: (name: string) => number;
  /** Whether a schedule's role may start its target. @default it may */
  readonly mayStart?: (roleArn: string, targetArn: string) => Promise<boolean>;
}

/** A running schedule; a change of its rate or state is a new run. */
interface Run {
  schedule: Schedule;
  ended: boolean;
}

/** Timers do not reach further than 24 days. */
const longestSleepMilliseconds = 86_400_000;

/**
 * EventBridge Scheduler for the rates of deployed stacks: the first start in the minute after the
 * schedule is made, at a second that is its own, then one each period. The retry policy of a
 * target is about handing the event over to Lambda, which never fails here; how often Lambda tries
 * is the function's own setting.
 */
export class Schedules implements Keeper {
  /** By physical id. */
  private readonly runs = new Map<string, Run>();

  constructor(private readonly options: SchedulesOptions) {}

  all(): readonly Schedule[] {
    return [...this.runs.values()].map(({ schedule }) => schedule);
  }

  put(resource: KeptResource): void {
    const key = resource.physicalId;
    const run = this.runs.get(key);
    const schedule = this.read(resource, run?.schedule);
    if (run !== undefined && rhythm(run.schedule) === rhythm(schedule)) {
      run.schedule = schedule;
      return;
    }
    this.end(key);
    const begun = { schedule, ended: schedule.State === 'DISABLED' };
    this.runs.set(key, begun);
    void this.keepStarting(begun);
  }

  delete({ physicalId }: KeptResource): void {
    this.end(physicalId);
  }

  /** Nothing starts any more. */
  stop(): void {
    for (const key of [...this.runs.keys()]) this.end(key);
  }

  private end(key: string): void {
    const run = this.runs.get(key);
    if (run !== undefined) run.ended = true;
    this.runs.delete(key);
  }

  private read({ physicalId, properties }: KeptResource, before?: Schedule): Schedule {
    const { clock, accountId, region } = this.options;
    const parsed = scheduleProperties.parse(properties);
    const path = `${parsed.GroupName}/${physicalId}`;
    const now = clock.now();
    return {
      ...parsed,
      Name: physicalId,
      Arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${path}`,
      CreationDate: before?.CreationDate ?? now,
      LastModificationDate: now,
    };
  }

  private async keepStarting(run: Run): Promise<void> {
    const period = ratePeriod(run.schedule.ScheduleExpression) ?? Infinity;
    let due = this.options.clock.now().getTime() + (this.options.phase?.(run.schedule.Name) ?? 0);
    while (await this.reached(due, run)) {
      await this.start(run.schedule);
      due += period;
    }
  }

  /** Waits for a time; false when the run has ended before it. */
  private async reached(due: number, run: Run): Promise<boolean> {
    const { clock } = this.options;
    while (!run.ended) {
      const left = due - clock.now().getTime();
      if (left <= 0) return true;
      await clock.sleep(Math.min(left, longestSleepMilliseconds));
    }
    return false;
  }

  private async start({ Arn, Target }: Schedule): Promise<void> {
    if (!Target.Arn.includes(':lambda:')) {
      console.error(`gateway: ${Arn}: only functions are started, not ${Target.Arn}`);
      return;
    }
    const allowed = await (this.options.mayStart?.(Target.RoleArn ?? '', Target.Arn) ?? true);
    if (!allowed) {
      console.error(`gateway: ${Arn}: its role may not start ${Target.Arn}`);
      return;
    }
    const payload = Target.Input ?? this.scheduledEvent(Arn);
    this.options.queue.add(functionReference(Target.Arn), payload);
  }

  /** What a target without an input of its own gets. */
  private scheduledEvent(arn: string): string {
    return eventEnvelope(
      {
        source: 'aws.scheduler',
        detailType: 'Scheduled Event',
        resources: [arn],
        detail: '{}',
      },
      this.options,
    );
  }
}

function rhythm({ ScheduleExpression, State }: Schedule): string {
  return `${State} ${ScheduleExpression}`;
}
