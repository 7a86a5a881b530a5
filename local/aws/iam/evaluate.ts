import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Access, Context } from './access';

export interface NamedPolicy {
  readonly name: string;
  /** The policy document. */
  readonly document: unknown;
}

/** The part of a policy that allowed something. */
export interface Grant {
  readonly policy: string;
  /** Position of the statement in its policy, from 0. */
  readonly statement: number;
  /** Action and resource as the policy writes them. */
  readonly action: string;
  readonly resource: string;
}

export type Verdict =
  | { readonly allowed: true; readonly grants: readonly Grant[] }
  | { readonly allowed: false; readonly reason: string };

export interface Question {
  readonly principalArn: string;
  readonly accountId: string;
  readonly policies: readonly NamedPolicy[];
  /** Of the resource: a role's trust policy, a function's permissions. */
  readonly resourcePolicy?: unknown;
  readonly access: Access;
  /** Keys that every request of the account has. */
  readonly context: Context;
}

/**
 * Whether policies allow one access, by the rules of IAM as `@cloud-copilot/iam-simulate` has
 * them. Keys that the service reference does not list for the action and the resource do not
 * count, as on AWS.
 */
export async function evaluate(question: Question): Promise<Verdict> {
  const { principalArn, accountId, policies, resourcePolicy, access } = question;
  const contextVariables = Object.fromEntries(
    Object.entries({ ...question.context, ...access.context }).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : [...value],
    ]),
  );
  const simulation: Simulation = {
    request: {
      principal: principalArn,
      action: access.action,
      resource: { resource: access.resource, accountId },
      contextVariables,
    },
    identityPolicies: policies.map(({ name, document }) => ({ name, policy: document })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  };
  const options = { simulationMode: 'Strict' } as const;
  const result = await runSimulation(simulation, options);
  if (result.resultType === 'error') {
    const { message, identityPolicyErrors } = result.errors;
    // An action that the service reference does not have: only policies with wildcards can allow
    // it.
    if (message === 'invalid.action' || message === 'invalid.service') {
      const isAllowed = runUnsafeSimulation(simulation, options) === 'Allowed';
      return isAllowed ? { allowed: true, grants: [] } : implicitDenial(access);
    }
    const details = identityPolicyErrors === undefined ? '' : JSON.stringify(identityPolicyErrors);
    return { allowed: false, reason: `cannot be evaluated: ${message} ${details}`.trim() };
  }
  if (result.overallResult === 'Allowed') {
    const analyses = result.resultType === 'single' ? [result.result] : result.results;
    return { allowed: true, grants: analyses.flatMap(({ analysis }) => grantsOf(analysis)) };
  }
  return result.overallResult === 'ExplicitlyDenied'
    ? { allowed: false, reason: 'with an explicit deny' }
    : implicitDenial(access);
}

function implicitDenial({ action }: Access): Verdict {
  return {
    allowed: false,
    reason: `because no identity-based policy allows the ${action} action`,
  };
}

type Analysis = Extract<
  Awaited<ReturnType<typeof runSimulation>>,
  { resultType: 'single' }
>['result']['analysis'];

function grantsOf(analysis: Analysis): readonly Grant[] {
  return (analysis.identityAnalysis?.allowStatements ?? []).flatMap(
    ({ statement, policyId, explain }) => {
      const actions = matching(explain.actions, 'action');
      const resources = matching(explain.resources, 'resource');
      return actions.flatMap((action) =>
        resources.map((resource) => ({
          policy: policyId,
          statement: statement.index() - 1,
          action,
          resource,
        })),
      );
    },
  );
}

/** The library explains one pattern as an object and several as a list. */
function matching(explained: unknown, member: 'action' | 'resource'): readonly string[] {
  return [explained]
    .flat()
    .filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
    .filter(({ matches }) => matches === true)
    .flatMap((one) => (typeof one[member] === 'string' ? [one[member]] : []));
}
