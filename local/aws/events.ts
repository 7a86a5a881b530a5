import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock } from './clock';
import type { Ids } from './ids';

export interface Ec2Event {
  readonly detailType: string;
  readonly instanceId: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where AWS's own events go. */
export interface EventPublisher {
  publish(event: Ec2Event): void;
}

export interface RuleDispatcherOptions {
  readonly clients: { readonly events: EventBridgeClient; readonly lambda: LambdaClient };
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Gives EC2's events to the Lambda targets of the deployed rules. EventBridge refuses events of
 * `aws.*` sources from outside, ministack too, so they cannot be put to the bus.
 */
export class RuleDispatcher implements EventPublisher {
  /** Events in the order they happened, one at a time. */
  private tail: Promise<void> = Promise.resolve();
  /** What went wrong on the way to a target; the bus of AWS drops such an event after its retries. */
  readonly failures: string[] = [];

  constructor(private readonly options: RuleDispatcherOptions) {}

  publish(event: Ec2Event): void {
    const { accountId, region, clock, ids } = this.options;
    const envelope = {
      version: '0',
      id: ids.uuid(),
      'detail-type': event.detailType,
      source: 'aws.ec2',
      account: accountId,
      time: clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      region,
      resources: [`arn:aws:ec2:${region}:${accountId}:instance/${event.instanceId}`],
      detail: event.detail,
    };
    this.tail = this.tail
      .then(() => this.dispatch(JSON.stringify(envelope)))
      .catch((error: unknown) => {
        this.failures.push(String(error));
      });
  }

  /** Resolves when everything published so far has been handed over. */
  async settled(): Promise<void> {
    await this.tail;
  }

  private async dispatch(event: string): Promise<void> {
    const { events } = this.options.clients;
    const { Rules = [] } = await events.send(new ListRulesCommand({}));
    for (const { Name, State, EventPattern } of Rules) {
      if (State !== 'ENABLED' || EventPattern === undefined) continue;
      const match = await events.send(new TestEventPatternCommand({ EventPattern, Event: event }));
      if (match.Result !== true) continue;
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: Name }));
      for (const target of Targets) await this.deliver(target, event);
    }
  }

  private async deliver(target: Target, event: string): Promise<void> {
    if (!target.Arn?.includes(':lambda:')) return;
    const invoke = { FunctionName: target.Arn, InvocationType: 'Event' as const };
    await this.options.clients.lambda.send(
      new InvokeCommand({ ...invoke, Payload: target.Input ?? event }),
    );
  }
}
