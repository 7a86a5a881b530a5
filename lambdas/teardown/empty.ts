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
  const bridges = await ours(ports, env);
  if (calls === 'keep')
    refuseUnless(hasNoCalls, await ask(bridges, (id) => askBridge(ports, env, id, 'status')));

  const before = await ports.overrides.read();
  const paused: Overrides = { pause: { until: ports.clock.now() + pauseSeconds } };
  await ports.overrides.write(JSON.stringify(paused));
  try {
    await settle(ports);
    const listed = await ours(ports, env);
    if (calls === 'keep')
      refuseUnless(isEmptyForGood, await ask(listed, (id) => askToEnd(ports, env, id)));
  } catch (error) {
    await ports.overrides.write(before ?? '{}');
    throw error;
  }
  await terminateAll(ports, env);
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

async function terminateAll(ports: TeardownPorts, env: TeardownEnv): Promise<void> {
  const end = ports.clock.now() + longestSeconds;
  for (;;) {
    const left = await ours(ports, env);
    if (left.length === 0) return;
    for (const { instanceId, state } of left)
      if (state !== 'shutting-down') {
        await ports.terminate(instanceId);
        ports.log('terminated', { instanceId });
      }
    if (ports.clock.now() >= end)
      throw new NotTerminatedError(
        `EC2 has not ended ${idsOf(left)} in ${longestSeconds} s. Run cdk destroy again.`,
      );
    await ports.clock.sleep(lookSeconds);
  }
}

type Words = readonly { readonly instanceId: string; readonly word: BridgeAnswer }[];

/** Asks those that can have calls: a bridge does not start before it is registered. */
async function ask(
  bridges: readonly BridgeInstance[],
  question: (instanceId: string) => Promise<BridgeAnswer>,
): Promise<Words> {
  const asked = bridges.filter(
    ({ state, tags }) => state === 'running' && tags[tagKeys.registered] !== undefined,
  );
  const words: { instanceId: string; word: BridgeAnswer }[] = [];
  for (let start = 0; start < asked.length; start += atOnce)
    words.push(
      ...(await Promise.all(
        asked.slice(start, start + atOnce).map(async ({ instanceId }) => ({
          instanceId,
          word: await question(instanceId),
        })),
      )),
    );
  return words;
}

function refuseUnless(isFree: (word: BridgeAnswer) => boolean, words: Words): void {
  const busy = words.filter(({ word }) => !isFree(word));
  if (busy.length === 0) return;
  const said = busy.map(({ instanceId, word }) => `${instanceId} (${answerText(word)})`).join(', ');
  throw new CallsRunningError(
    `Calls may be running on ${said}. Nothing was terminated. Let the fleet run empty or end its calls, ` +
      'then run cdk destroy again: docs/operations.md, Removing a fleet.',
  );
}

function idsOf(bridges: readonly BridgeInstance[]): string {
  return bridges.map(({ instanceId }) => instanceId).join(', ');
}
