/**
 * The EC2 tags that make EC2 the database of bridges. No key has a space or a slash: IMDS would
 * refuse the launch.
 */
export const tagKeys = {
  /** Fleet that owns the instance. */
  fleet: 'bridges:fleet',
  /** Launch token: which launch request of the scaler's memory made it. */
  launch: 'bridges:launch',
  /** `<ISO time> <digest>`: registered on Prosody; the only tag that the registrar writes. */
  registered: 'bridges:registered',
  /** `<ISO time> <reason>`: draining since, and why. */
  drain: 'bridges:drain',
  /** ISO time at which something that may be an orphan was first suspected. */
  suspect: 'bridges:suspect',
  /** ISO time until which the bridge is neither drained nor retired. */
  protect: 'bridges:protect',
  /** Capacity relative to the fleet's reference instance type; `1` is one reference bridge. */
  weight: 'bridges:weight',
  /** Fleet that a machine makes an image for. It has no `fleet` tag, since it is no bridge. */
  bake: 'bridges:bake',
  /** Of an image, and of the machine that it is made of: by what recipe, see `baked-image.ts`. */
  image: 'bridges:image',
  name: 'Name',
} as const;
