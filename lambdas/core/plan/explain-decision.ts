import type { Reason } from '../protocol/reason';
import type { LoadNumbers } from './numbers';

/** Why so many bridges are needed; figures that add nothing are left out. */
export function explainDecision({
  load,
  needed,
  scaleInFloor,
  forecastLoad = 0,
  forecastAt,
  hold,
  min,
  max,
}: LoadNumbers): Reason {
  return {
    code: 'LoadNeeds',
    load,
    needed,
    ...(scaleInFloor > needed ? { scaleInFloor } : {}),
    ...(forecastAt !== undefined && forecastLoad > load ? { forecastLoad, forecastAt } : {}),
    ...(hold === undefined ? {} : { hold }),
    min,
    max,
  };
}
