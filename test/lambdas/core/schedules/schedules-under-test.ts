import { scheduleSchema, type Schedule } from '../../../../lambdas/core/schedules/schedule';

/** Working days 09:00–18:00 in Berlin, holding 8, unless a test says otherwise. */
export function scheduleOf(changes: Partial<Schedule> = {}): Schedule {
  return scheduleSchema.parse({
    name: 'office',
    days: ['mon', 'tue', 'wed', 'thu', 'fri'],
    from: '09:00',
    to: '18:00',
    zone: 'Europe/Berlin',
    hold: 8,
    ...changes,
  });
}

/** Epoch seconds of an ISO time. */
export function at(iso: string): number {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) throw new Error(`no time: ${iso}`);
  return milliseconds / 1000;
}
