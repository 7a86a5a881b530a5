import { storyCloud } from './cloud/story-cloud';
import { watchablePolicy } from './cloud/fleet-config';
import type { Generation, ServerKind } from './cloud/server-a';
import { startCloud, type Cloud } from './cloud/start-cloud';
import { outsidePorts } from './namespace/forwarding';
import { playStory, type StoryPace } from './story/story';
import type { TimelineEntry } from './story/timeline';
import { accessNotes, accessSummary } from './view/access-notes';
import { progressPrinter } from './view/progress';
import { watch } from './view/watch';

/** It takes about eight minutes, and longer on a slow machine. */
const storyPace = { deadlineSeconds: 1200, manualHoldSeconds: 30 };

type Mode = 'story' | 'watch';

/**
 * The program inside the namespaces. Arguments: `story|watch`, `json|text`, `component|muc` and
 * `packages|docker`.
 */
async function main(
  mode: Mode,
  format: 'json' | 'text',
  generation: Generation,
  server: ServerKind,
): Promise<number> {
  const ending = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      ending.abort();
    });
  }
  const tell = format === 'json' ? process.stderr : process.stdout;
  const starting = startCloud({
    generation,
    server,
    policy: watchablePolicy,
    scratch: process.env['NAMESPACE_SCRATCH'] ?? '.local/run',
    sentinelCount: 6,
    progress: progressPrinter(tell),
  });
  const cloud = await Promise.race([starting, aborted(ending.signal)]);
  if (cloud === undefined) {
    // What has started by now goes with the namespaces.
    tell.write('ending…\n');
    return 1;
  }
  try {
    tell.write(accessNotes(outsidePorts(), cloud.outputs));
    if (mode === 'watch') {
      await watch(
        storyCloud(cloud, watchablePolicy.min),
        ending,
        accessSummary(outsidePorts(), cloud.outputs),
      );
      return 0;
    }
    const drain = generation === 'muc' ? 'reversible' : 'forGood';
    return await story(cloud, format, { ...storyPace, drain }, ending.signal);
  } finally {
    tell.write('ending…\n');
    await cloud.stop();
  }
}

async function story(
  cloud: Cloud,
  format: 'json' | 'text',
  pace: StoryPace,
  signal: AbortSignal,
): Promise<number> {
  const tell = (entry: TimelineEntry): void => {
    (format === 'json' ? process.stderr : process.stdout).write(`${storyLine(entry)}\n`);
  };
  const playing = playStory(storyCloud(cloud, watchablePolicy.min), pace, tell);
  const result = await Promise.race([playing, aborted(signal)]);
  if (result === undefined) return 1;
  if (format === 'json') process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${JSON.stringify({ ...result, timeline: undefined }, null, 2)}\n`);
  return result.ok ? 0 : 1;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function storyLine({ second, event, bridge, detail }: TimelineEntry): string {
  return [`${String(second).padStart(4)}s`, event.padEnd(16), bridge ?? '', detail ?? '']
    .join(' ')
    .trimEnd();
}

const [mode, format, generation, server] = process.argv.slice(2);
main(
  mode === 'story' ? 'story' : 'watch',
  format === 'json' ? 'json' : 'text',
  generation === 'component' ? 'component' : 'muc',
  server === 'docker' ? 'docker' : 'packages',
).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
