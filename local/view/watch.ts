import { emitKeypressEvents } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import type { StoryCloud } from '../story/story';
import { changesBetween } from '../story/timeline';
import type { Picture } from './picture';
import { renderPicture } from './render-picture';

const lookMilliseconds = 1000;
const startLoad = 20;
const loadStep = 20;
const mostLoad = 400;
const historyLength = 120;

/**
 * Shows the running system until it is told to end: a picture that renews itself on a terminal, a
 * line for each change elsewhere. Keys `+` and `-` change the load, `q` ends.
 *
 * @param footer lines that stay below the picture
 */
export async function watch(
  cloud: StoryCloud,
  ending: AbortController,
  footer: readonly string[],
): Promise<void> {
  let load = startLoad;
  cloud.setLoad(load);
  const stopKeys = listenToKeys((key) => {
    if (key === 'q') ending.abort();
    if (key === '+' || key === '-') {
      load = Math.min(mostLoad, Math.max(0, load + (key === '+' ? loadStep : -loadStep)));
      cloud.setLoad(load);
    }
  });
  const history: number[] = [];
  let before: Picture | undefined;
  try {
    while (!ending.signal.aborted) {
      const picture = await cloud.look().catch(() => undefined);
      if (picture !== undefined) {
        history.push(picture.participantCount);
        if (history.length > historyLength) history.shift();
        show(picture, before, history, footer);
        before = picture;
      }
      await sleep(lookMilliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  } finally {
    stopKeys();
  }
}

function show(
  picture: Picture,
  before: Picture | undefined,
  history: readonly number[],
  footer: readonly string[],
): void {
  const { stdout } = process;
  if (stdout.isTTY) {
    const colour = process.env['NO_COLOR'] === undefined;
    const lines = renderPicture(picture, history, { columns: stdout.columns, colour });
    const help = 'keys    + more people   - fewer people   q quit';
    stdout.write(`\u001b[H\u001b[2J${[...lines, '', ...footer, help].join('\n')}\n`);
    return;
  }
  const time = picture.at.toISOString().slice(11, 19);
  for (const { event, bridge, detail } of changesBetween(before, picture)) {
    stdout.write(`${[time, event, bridge, detail].filter(Boolean).join(' ')}\n`);
  }
}

/**
 * Calls back with each key pressed; Ctrl-C ends the process as everywhere else. Returns what
 * undoes it.
 */
function listenToKeys(pressed: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => undefined;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  const take = (
    text: string | undefined,
    key: { readonly name?: string; readonly ctrl?: boolean },
  ): void => {
    if (key.ctrl === true && key.name === 'c') pressed('q');
    else if (text !== undefined) pressed(text);
  };
  stdin.on('keypress', take);
  stdin.resume();
  return () => {
    stdin.off('keypress', take);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
