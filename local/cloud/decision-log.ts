import { FilterLogEventsCommand, type CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';

import type { DecisionPicture } from '../view/picture';

/** Of the records' parts, the picture shows their words. */
const textOnly = z.object({ text: z.string() }).transform(({ text }) => text);

const recordSchema = z.object({
  message: z.literal('decision'),
  time: z.string(),
  trigger: z.string(),
  actions: z.array(textOnly),
  reasons: z.array(textOnly),
});

const kept = 50;

/** The decision records in the scaler's log group, read as they come. */
export class DecisionLog {
  private readonly seen = new Map<string, DecisionPicture>();
  private newestMilliseconds = 0;

  constructor(
    private readonly client: CloudWatchLogsClient,
    private readonly logGroupName: string,
  ) {}

  /** The newest records, oldest first. */
  async read(): Promise<readonly DecisionPicture[]> {
    let nextToken: string | undefined;
    do {
      const page = await this.client.send(
        new FilterLogEventsCommand({
          logGroupName: this.logGroupName,
          // Events of the same millisecond may come late; what was seen is known by its id.
          startTime: this.newestMilliseconds,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      );
      for (const { message, timestamp, eventId } of page.events ?? []) {
        this.newestMilliseconds = Math.max(this.newestMilliseconds, timestamp ?? 0);
        const record = parseRecord(message ?? '');
        if (record !== undefined)
          this.seen.set(eventId ?? `${record.at} ${record.trigger}`, record);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    const records = [...this.seen].sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
    for (const [id] of records.slice(0, -kept)) this.seen.delete(id);
    return records.slice(-kept).map(([, record]) => record);
  }
}

/** A line of the function's log as a decision; undefined for every other line. */
export function parseRecord(line: string): DecisionPicture | undefined {
  const start = line.indexOf('{');
  if (start < 0) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(line.slice(start));
  } catch {
    return undefined;
  }
  const parsed = recordSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { time, trigger, actions, reasons } = parsed.data;
  return { at: time, trigger, actions, reasons };
}
