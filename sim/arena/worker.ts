import { runJob, type Job } from './job';

/** A child process of the pool: one job after the other. */
process.on('message', (job: Job) => {
  runJob(job, () => performance.now()).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? error.message : 'failed' }),
  );
});
