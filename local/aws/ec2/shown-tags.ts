import type { InstanceView } from './instance';

/** Tags as describe calls show them: the instance's own and those that AWS adds. */
export function shownTags({ tags, fleetId }: InstanceView): ReadonlyMap<string, string> {
  return fleetId === undefined ? tags : new Map([...tags, ['aws:ec2:fleet-id', fleetId]]);
}
