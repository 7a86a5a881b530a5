import { z } from 'zod';

/** Properties of an `AWS::Scheduler::Schedule`, numbers and texts as the template wrote them. */
export const scheduleProperties = z.object({
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  FlexibleTimeWindow: z.record(z.string(), z.unknown()).default({ Mode: 'OFF' }),
  Target: z.looseObject({
    Arn: z.string(),
    RoleArn: z.string().optional(),
    Input: z.string().optional(),
  }),
});

export interface Schedule extends z.output<typeof scheduleProperties> {
  readonly Name: string;
  readonly Arn: string;
  readonly CreationDate: Date;
  readonly LastModificationDate: Date;
}
