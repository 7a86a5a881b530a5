import type { Clock } from '../clock';
import type { Ids } from '../ids';
import type { DeliverySettings } from './delivery-settings';
import { functionReference, type FunctionReference } from './function-reference';
import { invocationRecord, type InvocationCondition } from './invocation-record';
import type { FunctionRun, Invoke } from './invoker';
import type { SendToQueue } from './queue-sender';

export interface EventQueueOptions {
  readonly invoke: Invoke;
  readonly settingsOf: (target: FunctionReference) => Promise<DeliverySettings>;
  readonly sendToQueue: SendToQueue;
  /** Whether a function may give a record to a destination. @default it may */
  readonly mayReport?: (functionName: string, destinationArn: string) => Promise<boolean>;
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
    let last: FunctionRun | undefined;
    while (!this.ended) {
      if (left() <= 0)
        return this.report(event, settings.onFailure, 'EventAgeExceeded', runs, last);
      const outcome = await invoke(event.target, event.payload);
      switch (outcome.kind) {
        case 'succeeded':
          return this.report(event, settings.onSuccess, 'Success', runs + 1, outcome);
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
            return this.report(event, settings.onFailure, 'RetriesExhausted', runs, last);
          }
          await clock.sleep(Math.min(runs * retryMilliseconds, left()));
          pause = pauseMilliseconds.first;
      }
    }
  }

  /** Gives the record of an event that has ended to its destination, if it has one. */
  private async report(
    { requestId, target, payload }: QueuedEvent,
    destination: string | undefined,
    condition: InvocationCondition,
    runs: number,
    last: FunctionRun | undefined,
  ): Promise<void> {
    if (destination === undefined || this.ended) return;
    const { sendToQueue, clock, accountId, region } = this.options;
    const { name, qualifier = '$LATEST' } = target;
    const functionArn = `arn:aws:lambda:${region}:${accountId}:function:${name}:${qualifier}`;
    const ended = { requestId, functionArn, condition, runs, payload };
    const record = invocationRecord(last === undefined ? ended : { ...ended, last }, clock.now());
    if (!(await (this.options.mayReport?.(name, destination) ?? true))) return;
    if (destination.includes(':lambda:')) this.add(functionReference(destination), record);
    else await sendToQueue(destination, record);
  }
}
