import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { eventEnvelope, type EventPlace } from './event-envelope';
import type { EventQueue } from './lambda/event-queue';
import { functionReference } from './lambda/function-reference';

export interface Ec2Event {
  readonly detailType: string;
  readonly instanceId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where AWS's own events go. */
export interface EventPublisher {
  publish(event: Ec2Event): void;
}

export interface RuleDispatcherOptions extends EventPlace {
  readonly client: EventBridgeClient;
  /** Where events for functions go. */
  readonly queue: EventQueue;
}

/**
 * Gives EC2's events to the Lambda targets of the deployed rules. EventBridge refuses events of
 * `aws.*` sources from outside, ministack too, so they cannot be put to the bus.
 */
export class RuleDispatcher implements EventPublisher {
  /** Events in the order they happened, one at a time. */
  private tail: Promise<void> = Promise.resolve();
  /** What went wrong on the way to the queue of a target. */
  readonly failures: string[] = [];

  constructor(private readonly options: RuleDispatcherOptions) {}

  publish(event: Ec2Event): void {
    const { accountId, region } = this.options;
    const envelope = eventEnvelope(
      {
        source: 'aws.ec2',
        detailType: event.detailType,
        resources: [`arn:aws:ec2:${region}:${accountId}:instance/${event.instanceId}`],
        detail: event.detail,
      },
      this.options,
    );
    this.tail = this.tail
      .then(() => this.dispatch(envelope))
      .catch((error: unknown) => {
        this.failures.push(String(error));
      });
  }

  /** Resolves when everything published so far has been handed over. */
  async settled(): Promise<void> {
    await this.tail;
  }

  private async dispatch(event: string): Promise<void> {
    const { client } = this.options;
    const { Rules = [] } = await client.send(new ListRulesCommand({}));
    for (const { Name, State, EventPattern } of Rules) {
      if (State !== 'ENABLED' || EventPattern === undefined) continue;
      const match = await client.send(new TestEventPatternCommand({ EventPattern, Event: event }));
      if (match.Result !== true) continue;
      const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: Name }));
      for (const target of Targets) this.deliver(target, event);
    }
  }

  private deliver(target: Target, event: string): void {
    if (!target.Arn?.includes(':lambda:')) return;
    this.options.queue.add(functionReference(target.Arn), target.Input ?? event);
  }
}
