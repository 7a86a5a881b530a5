import { setTimeout as sleep } from 'node:timers/promises';

import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Invokes functions one after the other, again and again while it is nudged: a story that waits
 * for no schedule.
 */
export class Ticker {
  private running: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly lambda: LambdaClient,
    private readonly functions: readonly string[],
  ) {}

  nudge(): Promise<void> {
    if (!this.isStopped) this.running ??= this.round().finally(() => (this.running = undefined));
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async round(): Promise<void> {
    for (const FunctionName of this.functions) {
      // A scheduled tick may be running: then that one serves as well.
      await this.lambda
        .send(new InvokeCommand({ FunctionName, Payload: '{}' }))
        .catch((error: unknown) => process.stderr.write(`${FunctionName}: ${String(error)}\n`));
    }
    await sleep(1000);
  }
}
