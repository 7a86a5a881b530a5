import type { AwsRequest } from '../../protocol/request';
import type { Access } from '../access';
import type { AuthorizationWorld } from '../world';

/**
 * What a call of one action needs, by its input. An empty list is a call that everybody may make.
 * What a service does later on behalf of the caller, as CreateFleet its launches, is not part of
 * it.
 */
export type Requirement = (
  request: AwsRequest,
  world: AuthorizationWorld,
) => readonly Access[] | Promise<readonly Access[]>;

/** By the API's action. */
export type Requirements = Readonly<Record<string, Requirement>>;

/** Text of a member of the input; empty when it is not there. */
export function textOf({ input }: AwsRequest, member: string): string {
  const value = input[member];
  return typeof value === 'string' ? value : '';
}

/** Texts of a list of the input, whose wire form may be a single text. */
export function textsOf({ input }: AwsRequest, member: string): readonly string[] {
  return [input[member]]
    .flat()
    .filter((value): value is string => typeof value === 'string' && value !== '');
}

/** Tags of a call: `{Key, Value}` entries of a member. */
export function tagsOf(value: unknown): readonly (readonly [string, string])[] {
  return [value].flat().flatMap((tag): (readonly [string, string])[] => {
    if (typeof tag !== 'object' || tag === null) return [];
    const { Key, Value } = tag as Record<string, unknown>;
    return typeof Key === 'string' ? [[Key, typeof Value === 'string' ? Value : '']] : [];
  });
}
