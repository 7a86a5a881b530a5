import { z } from 'zod';

/** What a launch is made of; the deployment hands it to the scaler as JSON in its environment. */
export const launchSettingsSchema = z
  .strictObject({
    launchTemplateId: z.string(),
    launchTemplateVersion: z.string(),
    instanceTypes: z
      .array(z.strictObject({ type: z.string(), weight: z.number().positive() }))
      .min(1)
      .describe('In order of preference; weight is capacity relative to the reference type.'),
    subnetIds: z.array(z.string()).min(1),
    onDemandBase: z.number().int().min(0),
    spotPercent: z.number().min(0).max(100),
    spotFallback: z
      .enum(['onDemand', 'never'])
      .optional()
      .describe(
        'What is launched while spot pools give less than asked for; on demand if omitted.',
      ),
    tags: z
      .record(z.string(), z.string())
      .optional()
      .describe("The operator's own tags of every bridge."),
    imageRecipe: z
      .string()
      .optional()
      .describe('What a prebaked image must be made by to be launched from; see `baked-image.ts`.'),
  })
  .readonly();

export type LaunchSettings = z.infer<typeof launchSettingsSchema>;
