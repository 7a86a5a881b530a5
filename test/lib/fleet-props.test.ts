import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { z } from 'zod';

import type { deploymentSchema, fleetSchema } from '../../lib/config/schema';
import type { BridgeFleetProps, FleetStackProps } from '../../lib/fleet-props';
import { fleetProps } from '../../scripts/generate/fleet-props';

/** A type all the way down without what the two spell differently: `readonly`, and `undefined` beside `?`. */
type Plain<T> = T extends RetentionDays
  ? number
  : T extends readonly (infer Entry)[]
    ? Plain<Entry>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
      : T;
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;

it('lib/fleet-props.ts is current; otherwise run: npm run docs', () => {
  expect(readFileSync(join(__dirname, '../../lib/fleet-props.ts'), 'utf8')).toBe(fleetProps());
});

// `npm run typecheck` is what tests these: a type that is not the other's is no `true`.
it('has the types that the schema accepts', () => {
  const ofFleet: Same<BridgeFleetProps, z.input<typeof fleetSchema>> = true;
  const ofStack: Same<FleetStackProps, z.input<typeof deploymentSchema>> = true;
  expect([ofFleet, ofStack]).toEqual([true, true]);
});
