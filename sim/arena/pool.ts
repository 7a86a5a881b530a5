import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { JobError, type Job, type JobResult } from './job';

type Answer = { readonly result: JobResult } | { readonly error: string };

/**
 * Runs jobs in child processes, each as soon as one is free. Results are in the order of the jobs.
 * @throws {JobError} with the first failure; the others are stopped
 */
export async function runJobs(
  jobs: readonly Job[],
  processes: number,
  onDone: (doneCount: number) => void = () => undefined,
): Promise<readonly JobResult[]> {
  const results = new Map<number, JobResult>();
  const queue = jobs
    .map((job, index) => ({ job, index }))
    .sort((a, b) => costOf(b.job) - costOf(a.job));
  const children = Array.from({ length: Math.min(processes, jobs.length) }, () =>
    fork(join(__dirname, `worker${extension}`), { execArgv: process.execArgv }),
  );
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          results.set(next.index, await ask(child, next.job));
          onDone(results.size);
        }
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
  return jobs.flatMap((_, index) => results.get(index) ?? []);
}

const extension = __filename.endsWith('.ts') ? '.ts' : '.js';

/** Long ones first, so that none is left alone at the end. */
function costOf({ source }: Job): number {
  return 'id' in source && source.id === 'S3' ? 1 : 0;
}

function ask(child: ChildProcess, job: Job): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new JobError(`a worker ended with ${code ?? 'a signal'}`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      if ('error' in answer) reject(new JobError(answer.error));
      else resolve(answer.result);
    });
    child.send(job);
  });
}
