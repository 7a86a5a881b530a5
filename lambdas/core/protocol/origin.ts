import { z } from 'zod';
import { jsonText } from './json-text';
import { tagKeys } from './tags';

/**
 * How the instances that the scaler launches differ from all others; the deployment hands it to
 * the functions as JSON.
 */
const originSchema = z
  .strictObject({
    launchTemplateId: z.string().min(1),
    /** Of the bridges' role. */
    instanceProfileArn: z.string().min(1),
    /** The Jitsi Meet server: never a bridge, whatever its tags say. */
    serverInstanceId: z.string().min(1),
  })
  .readonly();

export type Origin = z.infer<typeof originSchema>;

/** An {@link Origin} as the functions' environment has it. */
export const originText = jsonText.pipe(originSchema);

/**
 * Tag that EC2 itself sets on what is launched from a template; nobody can set or remove a tag of
 * this prefix.
 */
export const launchTemplateTag = 'aws:ec2launchtemplate:id';

/** Tokens of a fleet's launches begin with this; EC2 takes at most 64 characters. */
export function launchTokenPrefix(fleet: string): string {
  return `${fleet.slice(0, 32)}-`;
}

/** `<fleet>-<time>-<sequence>`, both in base 36; see `plan/launch.ts`. */
function isTokenOf(fleet: string, token = ''): boolean {
  const prefix = launchTokenPrefix(fleet);
  return token.startsWith(prefix) && /^[0-9a-z]+-[0-9a-z]+$/.test(token.slice(prefix.length));
}

/** An instance as far as its origin shows. */
export interface Traces {
  readonly instanceId: string;
  readonly state: string;
  readonly instanceProfileArn?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What an instance with the fleet's tag lacks to be one that the scaler launched. */
export type MissingTrace = 'notTheServer' | 'launchToken' | 'launchTemplate' | 'instanceProfile';

/**
 * What an instance lacks to be one of the fleet's own; undefined when it is. The fleet's tag alone
 * proves nothing, since anyone may set it: what is counted, gets credentials or is terminated must
 * also carry a launch token of the fleet, and by EC2's own word come from its launch template and
 * have its role. EC2 no longer tells the role of an instance that is shutting down.
 */
export function missingTrace(
  { instanceId, state, instanceProfileArn, tags }: Traces,
  fleet: string,
  origin: Origin,
): MissingTrace | undefined {
  if (instanceId === origin.serverInstanceId) return 'notTheServer';
  if (!isTokenOf(fleet, tags[tagKeys.launch])) return 'launchToken';
  if (tags[launchTemplateTag] !== origin.launchTemplateId) return 'launchTemplate';
  const isGoing = state === 'shutting-down' && instanceProfileArn === undefined;
  return isGoing || instanceProfileArn === origin.instanceProfileArn
    ? undefined
    : 'instanceProfile';
}

export interface ForeignInstance {
  readonly instanceId: string;
  readonly missing: MissingTrace;
}

/** Instances with the fleet's tag: its own, and those that only look like it. */
export function sortByOrigin<Instance extends Traces>(
  listed: readonly Instance[],
  fleet: string,
  origin: Origin,
): { readonly ours: readonly Instance[]; readonly foreign: readonly ForeignInstance[] } {
  const ours: Instance[] = [];
  const foreign: ForeignInstance[] = [];
  for (const instance of listed) {
    const missing = missingTrace(instance, fleet, origin);
    if (missing === undefined) ours.push(instance);
    else foreign.push({ instanceId: instance.instanceId, missing });
  }
  return { ours, foreign };
}
