import { z } from 'zod';
import { passOn, type Handler } from '../handler';
import { page } from '../paging';
import { parseInput, wireList, wireNumber } from '../protocol/input';
import type { Ec2 } from './ec2';
import { filtersSchema, tagsSchema } from './schemas';
import { shownTags } from './shown-tags';
import { checkTags } from './tag-rules';

const createInput = z.object({ ResourceId: wireList(z.string()), Tag: tagsSchema });

/**
 * CreateTags on instances; other resources are the emulator's. All resources are checked before
 * any is changed.
 */
export function createTags(ec2: Ec2): Handler {
  return ({ input }) => {
    const { ResourceId, Tag } = parseInput(createInput, input, 'InvalidParameterValue');
    if (!ResourceId.every((id) => id.startsWith('i-'))) return passOn;
    const instances = ec2.model.require(ResourceId);
    for (const { tags, spec } of instances) {
      const after = new Map([
        ...tags,
        ...Tag.map(({ Key, Value }): [string, string] => [Key, Value]),
      ]);
      checkTags(after, spec.metadataOptions.instanceMetadataTags);
    }
    for (const instance of instances) {
      ec2.model.change(instance, () => {
        for (const { Key, Value } of Tag) instance.tags.set(Key, Value);
      });
    }
    return { return: true };
  };
}

const deleteInput = z.object({
  ResourceId: wireList(z.string()),
  Tag: wireList(z.object({ Key: z.string(), Value: z.string().optional() })),
});

/** DeleteTags: with a value only where it is that value; without any tag, all of them. */
export function deleteTags(ec2: Ec2): Handler {
  return ({ input }) => {
    const { ResourceId, Tag } = parseInput(deleteInput, input, 'InvalidParameterValue');
    if (!ResourceId.every((id) => id.startsWith('i-'))) return passOn;
    for (const instance of ec2.model.require(ResourceId)) {
      ec2.model.change(instance, () => {
        removeTags(instance.tags, Tag);
      });
    }
    return { return: true };
  };
}

function removeTags(
  tags: Map<string, string>,
  named: readonly { readonly Key: string; readonly Value?: string | undefined }[],
): void {
  if (named.length === 0) tags.clear();
  for (const { Key, Value } of named) {
    if (Value === undefined || tags.get(Key) === Value) tags.delete(Key);
  }
}

const describeInput = z.object({
  Filter: filtersSchema,
  MaxResults: wireNumber.optional(),
  NextToken: z.string().optional(),
});

/** DescribeTags for instances: filters `resource-id`, `resource-type`, `key`, `value`. */
export function describeTags(ec2: Ec2): Handler {
  return ({ input }) => {
    const { Filter, MaxResults, NextToken } = parseInput(
      describeInput,
      input,
      'InvalidParameterValue',
    );
    const all = ec2.model.shown().flatMap((instance) =>
      [...shownTags(instance)].map(([key, value]) => ({
        resourceId: instance.spec.instanceId,
        resourceType: 'instance',
        key,
        value,
      })),
    );
    const fields = {
      'resource-id': 'resourceId',
      'resource-type': 'resourceType',
      key: 'key',
      value: 'value',
    } as const;
    const found = all.filter((tag) =>
      Filter.every(({ Name, Value }) =>
        Name in fields ? Value.includes(tag[fields[Name as keyof typeof fields]]) : false,
      ),
    );
    const { items, nextToken } = page(found, MaxResults, NextToken, 'InvalidNextToken');
    return { tagSet: items, nextToken };
  };
}
