import { AwsError } from '../errors';
import type { InstanceView } from './instance';
import type { Filters } from './schemas';
import { shownTags } from './shown-tags';

type Property = (instance: InstanceView) => readonly string[];

const properties: Readonly<Record<string, Property>> = {
  'availability-zone': ({ spec }) => [spec.availabilityZone],
  'client-token': ({ spec }) => [spec.clientToken],
  'image-id': ({ spec }) => [spec.imageId],
  'instance-id': ({ spec }) => [spec.instanceId],
  'instance-lifecycle': ({ spec }) => (spec.lifecycle === 'spot' ? ['spot'] : []),
  'instance-state-name': ({ state }) => [state],
  'instance-type': ({ spec }) => [spec.instanceType],
  'ip-address': ({ spec }) => [spec.publicIpAddress],
  'private-ip-address': ({ spec }) => [spec.privateIpAddress],
  'reservation-id': ({ spec }) => [spec.reservationId],
  'subnet-id': ({ spec }) => [spec.subnetId],
  'tag-key': (instance) => [...shownTags(instance).keys()],
  'vpc-id': ({ spec }) => [spec.vpcId],
};

/**
 * Whether an instance passes all filters; a filter passes with any of its values (`*` and `?` are
 * wildcards).
 */
export function passesFilters(instance: InstanceView, filters: Filters): boolean {
  return filters.every(({ Name, Value }) => {
    return isAnyOf(property(Name)(instance), Value);
  });
}

/** Whether one of the values is wanted; `*` and `?` are wildcards. */
export function isAnyOf(actual: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((one) => actual.some((text) => pattern(one).test(text)));
}

function property(name: string): Property {
  if (name.startsWith('tag:')) {
    return (instance) => {
      const value = shownTags(instance).get(name.slice('tag:'.length));
      return value === undefined ? [] : [value];
    };
  }
  const known = properties[name];
  if (known !== undefined) return known;
  throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

function pattern(wanted: string): RegExp {
  const escaped = wanted.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}
