import type { Clock } from '../clock';
import type { Ids } from '../ids';
import type { DeliverySettings } from './delivery-settings';
import { failureRecord, type FailureCondition } from './failure-record';
import type { FunctionReference } from './function-reference';
import type { FunctionFailure, Invoke } from './invoker';
import type { SendToQueue } from './queue-sender';

export interface EventQueueOptions {
  readonly invoke: Invoke;
  readonly settingsOf: (target: FunctionReference) => Promise<DeliverySettings>;
  readonly sendToQueue: SendToQueue;
  /** Whether a function may put what was given up into a queue. @default it may */
  readonly mayReport?: (functionName: string, queueArn: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly accountId: string;
  readonly region: string;
}

interface QueuedEvent {
  readonly requestId: string;
  readonly target: FunctionReference;
  readonly payload: string;
  readonly acceptedAt: Date;
}

/** Pauses after a try that did not start the function: doubling, from here to there. */
const pauseMilliseconds = { first: 500, longest: 5 * 60_000 };
/** After the n-th function error Lambda waits n minutes. */
const retryMilliseconds = 60_000;

/**
 * Lambda's queue for asynchronous invocations. An event that finds its function at its reserved
 * concurrency waits and tries again until it is too old; only runs of the function count as
 * attempts. Events of one function are in no order, as on AWS.
 */
export class EventQueue {
  private readonly deliveries = new Set<Promise<void>>();
  private ended = false;

  constructor(private readonly options: EventQueueOptions) {}

  /** Takes an event (JSON) and returns at once, with the id of the request. */
  add(target: FunctionReference, payload: string): string {
    const { clock, ids } = this.options;
    const event = { requestId: ids.uuid(), target, payload, acceptedAt: clock.now() };
    const delivery = this.deliver(event)
      .catch((error: unknown) => {
        // What breaks because the gateway closes is no news.
        if (!this.ended) console.error(`gateway: event for ${target.name}: ${String(error)}`);
      })
      .finally(() => this.deliveries.delete(delivery));
    this.deliveries.add(delivery);
    return event.requestId;
  }

  /** Resolves when every event so far has been delivered or given up. */
  async settled(): Promise<void> {
    await Promise.all(this.deliveries);
  }

  /** What waits is forgotten. */
  stop(): void {
    this.ended = true;
  }

  private async deliver(event: QueuedEvent): Promise<void> {
    const { invoke, settingsOf, clock } = this.options;
    const settings = await settingsOf(event.target);
    const expiry = event.acceptedAt.getTime() + settings.maximumEventAgeSeconds * 1000;
    const left = (): number => expiry - clock.now().getTime();
    let pause = pauseMilliseconds.first;
    let runs = 0;
    let last: FunctionFailure | undefined;
    while (!this.ended) {
      if (left() <= 0) return this.giveUp(event, settings, 'EventAgeExceeded', runs, last);
      const outcome = await invoke(event.target, event.payload);
      switch (outcome.kind) {
        case 'succeeded':
          return;
        case 'refused':
          throw new Error(outcome.reason);
        case 'notStarted':
          await clock.sleep(Math.min(pause, left()));
          pause = Math.min(2 * pause, pauseMilliseconds.longest);
          break;
        case 'failed':
          runs++;
          last = outcome;
          if (runs > settings.maximumRetryAttempts) {
            return this.giveUp(event, settings, 'RetriesExhausted', runs, last);
          }
          await clock.sleep(Math.min(runs * retryMilliseconds, left()));
          pause = pauseMilliseconds.first;
      }
    }
  }

  private async giveUp(
    { requestId, target, payload }: QueuedEvent,
    { onFailure }: DeliverySettings,
    condition: FailureCondition,
    runs: number,
    last: FunctionFailure | undefined,
  ): Promise<void> {
    if (onFailure === undefined) return;
    const { sendToQueue, clock, accountId, region } = this.options;
    const { name, qualifier = '$LATEST' } = target;
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${name}:${qualifier}`;
    const lost = { requestId, functionArn, condition, runs, payload };
    const record = last === undefined ? lost : { ...lost, last };
    if (!(await (this.options.mayReport?.(name, onFailure) ?? true))) return;
    await sendToQueue(onFailure, failureRecord(record, clock.now()));
  }
}
