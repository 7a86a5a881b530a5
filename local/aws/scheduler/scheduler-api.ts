import { randomUUID } from 'node:crypto';
import type { Interceptor } from '../interceptor';
import { writeResult } from '../protocol/response';
import type { Schedule } from './schedule';
import type { Schedules } from './schedules';

const oneSchedule = /^GET \/schedules\/([^/]+)$/;

/**
 * Shows kept schedules among the emulator's: `ListSchedules` and `GetSchedule`. The rest is the
 * emulator's.
 */
export function schedulerApi(schedules: Schedules): Interceptor {
  return async (request, send) => {
    const query = new URLSearchParams(request.raw.url.split('?')[1]);
    if (request.action === 'GET /schedules') {
      const response = await send(request.raw);
      if (response.status !== 200 || query.has('NextToken')) return response;
      const listed = JSON.parse(response.body.toString()) as { readonly Schedules?: unknown[] };
      const kept = schedules.all().filter((schedule) => matches(schedule, query));
      const all = [...kept.map(summary), ...(listed.Schedules ?? [])];
      return writeResult(request, { ...listed, Schedules: all }, randomUUID());
    }
    const [, name] = oneSchedule.exec(request.action) ?? [];
    if (name === undefined) return undefined;
    const group = query.get('groupName') ?? 'default';
    const found = schedules
      .all()
      .find(({ Name, GroupName }) => Name === decodeURIComponent(name) && GroupName === group);
    if (found === undefined) return undefined;
    const shown = { ...found, ActionAfterCompletion: 'NONE', ScheduleExpressionTimezone: 'UTC' };
    return writeResult(request, shown, randomUUID());
  };
}

function matches({ Name, GroupName, State }: Schedule, query: URLSearchParams): boolean {
  return (
    Name.startsWith(query.get('NamePrefix') ?? '') &&
    GroupName === (query.get('ScheduleGroup') ?? GroupName) &&
    State === (query.get('State') ?? State)
  );
}

function summary({ Name, GroupName, Arn, State, Target, ...schedule }: Schedule) {
  const { CreationDate, LastModificationDate } = schedule;
  const shown = { Name, GroupName, Arn, State, CreationDate, LastModificationDate };
  return { ...shown, Target: { Arn: Target.Arn } };
}
