import type { InstanceView } from './instance';

/**
 * Tags as describe calls and policies see them: the instance's own and those that AWS adds, which
 * nobody can set or remove.
 */
export function shownTags({
  tags,
  fleetId,
  spec: { launchTemplate },
}: Pick<InstanceView, 'tags' | 'fleetId' | 'spec'>): ReadonlyMap<string, string> {
  const added: Readonly<Record<string, string>> = {
    ...(fleetId === undefined ? {} : { 'aws:ec2:fleet-id': fleetId }),
    ...(launchTemplate === undefined
      ? {}
      : {
          'aws:ec2launchtemplate:id': launchTemplate.id,
          'aws:ec2launchtemplate:version': launchTemplate.version,
        }),
  };
  return new Map([...tags, ...Object.entries(added)]);
}
