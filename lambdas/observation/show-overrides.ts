import type { Overrides } from '../core/model/snapshot';
import type { OverrideStatus } from '../core/protocol/reply';
import { isoTime } from '../core/protocol/time';
import { termsOf } from '../core/words/describe-schedule';

/** The operator's active overrides, as data and in words. */
export function showOverrides({ scale, bounds, pause }: Overrides): readonly OverrideStatus[] {
  return [
    ...(scale === undefined ? [] : [scaleStatus(scale)]),
    ...(bounds === undefined ? [] : [boundsStatus(bounds)]),
    ...(pause === undefined
      ? []
      : [{ kind: 'pause' as const, until: isoTime(pause.until), text: 'pause' }]),
  ];
}

function scaleStatus({ to, until }: NonNullable<Overrides['scale']>): OverrideStatus {
  return { kind: 'scale', to, until: isoTime(until), text: `scale to ${to}` };
}

function boundsStatus({ until, ...limits }: NonNullable<Overrides['bounds']>): OverrideStatus {
  return { kind: 'bounds', ...limits, until: isoTime(until), text: `bounds ${termsOf(limits)}` };
}
