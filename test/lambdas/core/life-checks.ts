import { decide, type Decision } from '../../../lambdas/core/decide';
import type { Policy } from '../../../lambdas/core/model/policy';
import type { Action } from '../../../lambdas/core/model/action';
import type { Snapshot } from '../../../lambdas/core/model/snapshot';

/**
 * What must hold for every single decision of a life. Each check says what is wrong in sentences:
 * a life makes hundreds of thousands of them, for which Jest's matchers are too slow.
 */
export function problemsOf(
  decision: Decision,
  snapshot: Snapshot,
  policy: Policy,
): readonly string[] {
  return [
    ...problemsOfBounds(decision, snapshot),
    ...problemsOfRetirement(decision, snapshot, policy),
    ...problemsOfMissingData(decision, snapshot, policy),
    ...problemsOfOperator(decision, snapshot, policy),
    ...problemsOfRepeat(decision, snapshot, policy),
  ];
}

/** Bridges that the decision's actions of some kinds are about. */
export function targetsOf(
  { actions }: Decision,
  ...kinds: readonly Action['kind'][]
): readonly string[] {
  return actions.flatMap((action) =>
    action.kind !== 'launch' && kinds.includes(action.kind) ? [action.instanceId] : [],
  );
}

/**
 * Bounded work: one launch at most, one action per known bridge at most; a reason and finite
 * numbers, always.
 */
function problemsOfBounds(decision: Decision, snapshot: Snapshot): readonly string[] {
  const problems: string[] = [];
  if (decision.reasons.length === 0) problems.push('no reason');
  for (const [name, value] of Object.entries(decision.numbers))
    if (!Number.isFinite(value)) problems.push(`${name} is ${value}`);
  const targets = decision.actions.flatMap((action) =>
    action.kind === 'launch' ? [] : [action.instanceId],
  );
  if (decision.actions.length - targets.length > 1) problems.push('two launches');
  if (new Set(targets).size < targets.length) problems.push('two actions on one bridge');
  const known = new Set(snapshot.bridges.map(({ instanceId }) => instanceId));
  if (targets.some((id) => !known.has(id))) problems.push('an action on no bridge');
  return problems;
}

/**
 * I1, as far as data tells: every report of the last `emptySeconds` says empty, and all are from
 * after the drain.
 */
function problemsOfRetirement(
  decision: Decision,
  { bridges, now }: Snapshot,
  policy: Policy,
): readonly string[] {
  const retired = targetsOf(decision, 'retire');
  return bridges
    .filter(({ instanceId }) => retired.includes(instanceId))
    .flatMap(({ instanceId, reports, drain }) => {
      const past = reports.filter(({ minute }) => minute <= now);
      const newest = Math.max(...past.map(({ minute }) => minute));
      const last = past.filter(({ minute }) => minute > newest - policy.emptySeconds);
      const isProof =
        newest >= now - policy.staleSeconds &&
        last.every(
          ({ minute, participantCount, conferenceCount }) =>
            participantCount === 0 && conferenceCount === 0 && minute >= (drain?.since ?? Infinity),
        );
      return isProof ? [] : [`${instanceId} is retired without proof that it is empty`];
    });
}

/** I2: with a dead collector only the operator takes capacity away. */
function problemsOfMissingData(
  decision: Decision,
  { now, heartbeats, overrides, bridges }: Snapshot,
  policy: Policy,
): readonly string[] {
  const past = heartbeats.filter((minute) => minute <= now);
  if (past.some((minute) => now - minute <= policy.staleSeconds)) return [];
  const ending = targetsOf(decision, 'retire', 'suspect', 'terminate');
  const ended = bridges
    .filter(({ instanceId, state }) => ending.includes(instanceId) && state !== 'stopped')
    .filter(({ suspectSince }) => suspectSince === undefined)
    .map(({ instanceId }) => `${instanceId} is ended without data`);
  if (isInForce(overrides.scale, now) || isInForce(overrides.bounds, now)) return ended;
  const draining = targetsOf(decision, 'drain');
  const drained = bridges
    .filter(({ instanceId }) => draining.includes(instanceId))
    .filter(({ drain, reports }) => drain === undefined && !reports.some((said) => said.draining))
    .map(({ instanceId }) => `${instanceId} is drained without data`);
  return [...ended, ...drained];
}

function isInForce(override: { readonly until: number } | undefined, now: number): boolean {
  return override !== undefined && override.until > now;
}

/** I9. */
function problemsOfOperator(
  decision: Decision,
  { now, overrides, bridges }: Snapshot,
  policy: Policy,
): readonly string[] {
  const problems: string[] = [];
  const { numbers, actions, reasons } = decision;
  const bounds = isInForce(overrides.bounds, now) ? overrides.bounds : undefined;
  const max = bounds?.max ?? policy.max;
  const min = Math.min(bounds?.min ?? policy.min, max);
  if (numbers.min !== min || numbers.max !== max) problems.push('bounds are not obeyed');
  const scale = isInForce(overrides.scale, now) ? overrides.scale : undefined;
  const ended = targetsOf(decision, 'retire', 'replace', 'terminate');
  if (scale !== undefined) {
    if (numbers.wanted !== Math.min(max, Math.max(min, scale.to)))
      problems.push('scale is not obeyed');
    if (!reasons.some((reason) => reason.code === 'OperatorScale' && reason.to === scale.to))
      problems.push('scale unsaid');
  } else if (isInForce(overrides.pause, now)) {
    if (ended.length > 0) problems.push('a bridge is terminated while paused');
    if (actions.some((action) => action.kind === 'launch' && action.attempt === 'first'))
      problems.push('a launch while paused');
  }
  for (const { instanceId, protectUntil } of bridges)
    if ((protectUntil ?? 0) > now && ended.includes(instanceId))
      problems.push(`protected ${instanceId} is ended`);
  return problems;
}

/** The same tick once more orders nothing that it did not order already. */
function problemsOfRepeat(
  decision: Decision,
  snapshot: Snapshot,
  policy: Policy,
): readonly string[] {
  const ordered = ({ actions }: Decision) =>
    actions.map((action) =>
      action.kind === 'launch'
        ? `launch ${action.request.token}`
        : `${action.kind} ${action.instanceId}`,
    );
  const known = ordered(decision);
  return ordered(decide(snapshot, policy, decision.memory))
    .filter((order) => !known.includes(order))
    .map((order) => `the same tick once more orders: ${order}`);
}
