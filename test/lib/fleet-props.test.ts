import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { z } from 'zod';

import type { deploymentSchema, fleetSchema } from '../../lib/config/schema';
import type { BridgeFleetProps, FleetStackProps } from '../../lib/fleet-props';
import { fleetProps } from '../../scripts/generate/fleet-props';

/**
 * A type all the way down without what the two spell differently: `readonly`, and `undefined`
 * beside `?`.
 */
type Plain<T> = T extends readonly (infer Entry)[]
  ? Plain<Entry>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;
/** Not only assignable to each other: a key that may be left out is not one that is required. */
type Same<A, B> =
  Probe<Plain<A>> extends Probe<Plain<B>>
    ? Probe<Plain<B>> extends Probe<Plain<A>>
      ? true
      : false
    : false;
interface Probe<T> {
  readonly is: <Any>(value: Any) => Any extends T ? 1 : 2;
}

it('lib/fleet-props.ts is current; otherwise run: npm run docs', () => {
  expect(readFileSync(join(__dirname, '../../lib/fleet-props.ts'), 'utf8')).toBe(fleetProps());
});

// `npm run typecheck` is what tests these: a type that is not the other's is no `true`.
it('has the types that the schema accepts', () => {
  const ofFleet: Same<BridgeFleetProps, z.input<typeof fleetSchema>> = true;
  const ofStack: Same<FleetStackProps, z.input<typeof deploymentSchema>> = true;
  expect([ofFleet, ofStack]).toEqual([true, true]);
});
