import { contestants } from './contestants';
import { runJob, scenarioOf } from './job';
import type { Request } from './pool';
import { sweep, type Sweep } from './tuning';

/** A child process of the pool: one request after the other. */
process.on('message', (request: Request) => {
  answer(request).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? error.message : 'failed' }),
  );
});

async function answer(request: Request): Promise<unknown> {
  return request.kind === 'job'
    ? runJob(request.job, () => performance.now())
    : sweepIn(request.scenarioId);
}

function sweepIn(id: string): Sweep {
  return sweep(
    scenarioOf({ id }),
    contestants.filter(({ sweep: settings }) => settings.length > 1),
  );
}
