import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { JobError, type Job, type JobResult } from './job';
import type { Sweep } from './tuning';

/** What a worker is asked for. */
export type Request =
  | { readonly kind: 'job'; readonly job: Job }
  | { readonly kind: 'sweep'; readonly scenarioId: string };

type Answer = { readonly result: unknown } | { readonly error: string };

/**
 * Runs jobs in child processes, each as soon as one is free. Results are in the order of the jobs.
 * @throws {JobError} with the first failure; the others are stopped
 */
export async function runJobs(
  jobs: readonly Job[],
  processes: number,
  onDone: (doneCount: number) => void = () => undefined,
): Promise<readonly JobResult[]> {
  const requests = jobs.map((job) => ({ kind: 'job', job }) as const);
  const results = await inWorkers(requests, processes, (_, doneCount) => onDone(doneCount));
  return results as readonly JobResult[];
}

/**
 * Tries the settings of all contestants in some scenarios, each scenario in one child process. Minutes.
 * @param onSwept called for each as it is done
 * @throws {JobError} with the first failure; the others are stopped
 */
export async function runSweeps(
  scenarioIds: readonly string[],
  processes: number,
  onSwept: (scenarioId: string, sweep: Sweep) => void,
): Promise<void> {
  const requests = scenarioIds.map((scenarioId) => ({ kind: 'sweep', scenarioId }) as const);
  await inWorkers(requests, processes, ({ request, result }) =>
    onSwept(request.scenarioId, result as Sweep),
  );
}

async function inWorkers<Asked extends Request>(
  requests: readonly Asked[],
  processes: number,
  onDone: (done: { readonly request: Asked; readonly result: unknown }, doneCount: number) => void,
): Promise<readonly unknown[]> {
  const results = new Map<number, unknown>();
  const queue = requests
    .map((request, index) => ({ request, index }))
    .sort((a, b) => costOf(b.request) - costOf(a.request));
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const worker = bundleWorker(directory);
  const children = Array.from({ length: Math.min(processes, requests.length) }, () =>
    fork(worker, { execArgv: [...process.execArgv, youngGeneration] }),
  );
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const result = await ask(child, next.request);
          results.set(next.index, result);
          onDone({ request: next.request, result }, results.size);
        }
      }),
    );
  } finally {
    for (const child of children) child.kill();
    rmSync(directory, { recursive: true });
  }
  return requests.map((_, index) => results.get(index));
}

/**
 * A tick leaves much behind that no later one needs: with more room for it a quarter of the time
 * is saved.
 */
const youngGeneration = '--max-semi-space-size=64';

/**
 * As the Lambda, which is bundled too: tsx adds the name to every inner function, and that costs a
 * third of the time.
 */
function bundleWorker(directory: string): string {
  const outfile = join(directory, 'worker.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    define: { __dirname: JSON.stringify(__dirname) },
    logLevel: 'error',
  });
  return outfile;
}

/** Scenarios with many participants, the largest last. */
const large = ['S1', 'S5', 'S3'];

/** Long ones first, so that none is left alone at the end. */
function costOf(request: Request): number {
  if (request.kind === 'sweep') return large.indexOf(request.scenarioId);
  const { source } = request.job;
  return 'id' in source ? large.indexOf(source.id) : 0;
}

function ask(child: ChildProcess, request: Request): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new JobError(`a worker ended with ${code ?? 'a signal'}`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      if ('error' in answer) reject(new JobError(answer.error));
      else resolve(answer.result);
    });
    child.send(request);
  });
}
