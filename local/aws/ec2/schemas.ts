import { z } from 'zod';
import { wireList } from '../protocol/input';

/** Members of EC2's calls in their wire names, which are singular where the SDK's are plural. */
export const tagsSchema = wireList(z.object({ Key: z.string(), Value: z.string().default('') }));

export const tagSpecifications = wireList(
  z
    .object({ ResourceType: z.string(), Tag: tagsSchema })
    .transform(({ ResourceType, Tag }) => ({ ResourceType, Tags: Tag })),
);

export const filtersSchema = wireList(z.object({ Name: z.string(), Value: wireList(z.string()) }));
export type Filters = z.output<typeof filtersSchema>;
