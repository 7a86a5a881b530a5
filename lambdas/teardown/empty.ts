import {
  askBridge,
  askToEnd,
  hasNoCalls,
  isEmptyForGood,
  answerText,
  type BridgeAnswer,
} from '../adapters/aws/bridge-client';
import type { BridgeInstance } from '../adapters/aws/ec2';
import { sortByOrigin } from '../core/protocol/origin';
import { bridgeSecretName } from '../core/protocol/parameters';
import { tagKeys } from '../core/protocol/tags';
import type { Overrides } from '../core/model/snapshot';
import type { TeardownEnv } from './env';
import type { TeardownPorts } from './ports';
import type { Order } from './request';

/** A bridge has calls, or does not say that it has none. */
export class CallsRunningError extends Error {
  override readonly name = 'CallsRunningError';
}

/** EC2 takes longer than {@link longestSeconds} to terminate the instances. */
export class NotTerminatedError extends Error {
  override readonly name = 'NotTerminatedError';
}

const longestSeconds = 600;
const lookSeconds = 3;
/**
 * Longer than the deletion of any stack of ours; ends by itself, should the deletion be given up.
 */
const pauseSeconds = 7200;
const atOnce = 10;

/**
 * Terminates all bridges and waits until EC2 says that they are gone. Nothing has changed when it
 * finds calls at the first look. Between that look and the end a call could begin, so every bridge
 * first refuses new ones for good and is read again; calls found then end it too, and the scaler
 * replaces the bridges that refuse.
 *
 * @throws CallsRunningError, NotTerminatedError
 */
export async function emptyFleet(
  ports: TeardownPorts,
  env: TeardownEnv,
  calls: Order['calls'],
): Promise<void> {
  if (calls === 'keep') {
    const words = await ask(await ours(ports, env), (id) => askBridge(ports, env, id, 'status'));
    await refuseUnless(hasNoCalls, words, ports, env);
  }

  const before = await ports.overrides.read();
  const paused: Overrides = { pause: { until: ports.clock.now() + pauseSeconds } };
  await ports.overrides.write(JSON.stringify(paused));
  try {
    await settle(ports);
    await terminateAll(ports, env, calls);
  } catch (error) {
    // EC2 is only slow: nothing is to be launched meanwhile.
    if (!(error instanceof NotTerminatedError)) await ports.overrides.write(before ?? '{}');
    throw error;
  }
}

/** The fleet's own instances; nothing else is asked, waited for or terminated. */
async function ours(
  ports: TeardownPorts,
  { fleet, origin }: TeardownEnv,
): Promise<readonly BridgeInstance[]> {
  const sorted = sortByOrigin(await ports.instances(), fleet, origin);
  for (const instance of sorted.foreign)
    ports.warn('foreign instance', { ...instance, effect: 'it is left alone' });
  return sorted.ours;
}

/**
 * The scaler runs one tick at a time: when this one has ended, none is left that began before the
 * pause.
 */
async function settle(ports: TeardownPorts): Promise<void> {
  try {
    await ports.runScaler();
  } catch (error) {
    // A scaler that does not work launches nothing either.
    ports.log('the scaler does not answer', { explanation: String(error) });
  }
}

/**
 * Asks all before it terminates the first, and those that come up meanwhile. What was terminated
 * is not asked again, since EC2 may go on listing it for a while.
 */
async function terminateAll(
  ports: TeardownPorts,
  env: TeardownEnv,
  calls: Order['calls'],
): Promise<void> {
  const end = ports.clock.now() + longestSeconds;
  const ended = new Set<string>();
  for (;;) {
    const left = await ours(ports, env);
    if (left.length === 0) return;
    const ending = left.filter(
      ({ instanceId, state }) => state !== 'shutting-down' && !ended.has(instanceId),
    );
    if (calls === 'keep') {
      const words = await ask(ending, (id) => askToEnd(ports, env, id));
      await refuseUnless(isEmptyForGood, words, ports, env);
    }
    for (const { instanceId } of ending) {
      await ports.terminate(instanceId);
      ended.add(instanceId);
      ports.log('terminated', { instanceId });
    }
    if (ports.clock.now() >= end)
      throw new NotTerminatedError(
        `EC2 has not ended ${idsOf(left)} in ${longestSeconds} s. Run cdk destroy again.`,
      );
    await ports.clock.sleep(lookSeconds);
  }
}

interface Word {
  readonly bridge: BridgeInstance;
  readonly word: BridgeAnswer;
}

/** Asks all that run, registered or not: a tag can be removed by hand. */
async function ask(
  bridges: readonly BridgeInstance[],
  question: (instanceId: string) => Promise<BridgeAnswer>,
): Promise<readonly Word[]> {
  const asked = bridges.filter(({ state }) => state === 'running');
  const words: Word[] = [];
  for (let start = 0; start < asked.length; start += atOnce)
    words.push(
      ...(await Promise.all(
        asked
          .slice(start, start + atOnce)
          .map(async (bridge) => ({ bridge, word: await question(bridge.instanceId) })),
      )),
    );
  return words;
}

/** A bridge that does not answer may have calls, unless it never had a secret to start with. */
async function refuseUnless(
  isFree: (word: BridgeAnswer) => boolean,
  words: readonly Word[],
  { parameters }: TeardownPorts,
  { fleet }: TeardownEnv,
): Promise<void> {
  const doubtful = words.filter(({ word }) => !isFree(word));
  if (doubtful.length === 0) return;
  const names = new Set(await parameters.list());
  const busy = doubtful.filter(
    ({ bridge: { instanceId, tags }, word }) =>
      word.status === 'said' ||
      tags[tagKeys.registered] !== undefined ||
      names.has(bridgeSecretName(fleet, instanceId)),
  );
  if (busy.length === 0) return;
  const said = busy
    .map(({ bridge, word }) => `${bridge.instanceId} (${answerText(word)})`)
    .join(', ');
  throw new CallsRunningError(
    `Calls may be running on ${said}. They were not terminated. Let the fleet run empty or end its ` +
      'calls (a bridge that is still booting answers in some minutes), then run cdk destroy again: ' +
      'docs/operations.md, Removing a fleet.',
  );
}

function idsOf(bridges: readonly BridgeInstance[]): string {
  return bridges.map(({ instanceId }) => instanceId).join(', ');
}
