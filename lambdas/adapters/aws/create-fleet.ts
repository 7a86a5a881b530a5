import {
  CreateFleetCommand,
  type CreateFleetCommandInput,
  type CreateFleetCommandOutput,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { LaunchRequest } from '../../core/model/action';
import type { LaunchOutcome, PoolRefusal } from '../../core/model/launch-outcome';
import type { Market } from '../../core/model/snapshot';
import { createFleetInputs, type OwnTags } from './fleet-requests';

/**
 * Sends exactly what `request` describes, part by part; the same request twice is one launch. When
 * EC2 calls a part wrong, it would call the others wrong too: they are not sent.
 *
 * @throws whatever leaves open whether instances were made (throttling, 5xx, time-out)
 */
export async function launchBridges(
  client: EC2Client,
  fleet: string,
  request: LaunchRequest,
  ownTags: OwnTags = {},
): Promise<LaunchOutcome> {
  const outcomes: LaunchOutcome[] = [];
  for (const input of createFleetInputs(fleet, request, ownTags)) {
    const outcome = await sendPart(client, input);
    outcomes.push(outcome);
    if (outcome.status === 'refused') break;
  }
  return combined(outcomes);
}

async function sendPart(client: EC2Client, input: CreateFleetCommandInput): Promise<LaunchOutcome> {
  try {
    return outcomeOf(await client.send(new CreateFleetCommand(input)));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** What EC2 said to all parts of an order. */
function combined(outcomes: readonly LaunchOutcome[]): LaunchOutcome {
  const [only, ...others] = outcomes;
  if (only !== undefined && others.length === 0) return only;
  const answers = outcomes.map((outcome): Answer =>
    outcome.status === 'answered'
      ? outcome
      : { status: 'answered', launched: [], refusals: [refusalOfPart(outcome)] },
  );
  const silentParts = answers.filter(
    ({ launched, refusals }) => launched.length === 0 && refusals.length === 0,
  ).length;
  return {
    status: 'answered',
    launched: answers.flatMap(({ launched }) => launched),
    refusals: answers.flatMap(({ refusals }) => refusals),
    ...(silentParts === 0 ? {} : { silentParts }),
  };
}

type Answer = Extract<LaunchOutcome, { readonly status: 'answered' }>;
type Refused = Exclude<LaunchOutcome, Answer>;

function refusalOfPart({ code, message }: Refused): PoolRefusal {
  return { market: 'on-demand', code, message };
}

function outcomeOf(output: CreateFleetCommandOutput): LaunchOutcome {
  const launched = (output.Instances ?? []).flatMap((group) =>
    (group.InstanceIds ?? []).map((instanceId) => ({
      instanceId,
      instanceType: group.InstanceType ?? 'unknown',
      market: marketOf(group.Lifecycle),
    })),
  );
  const refusals = (output.Errors ?? []).map((error): PoolRefusal => {
    const override = error.LaunchTemplateAndOverrides?.Overrides;
    return {
      ...(override?.InstanceType === undefined ? {} : { instanceType: override.InstanceType }),
      ...(override?.SubnetId === undefined ? {} : { subnetId: override.SubnetId }),
      market: marketOf(error.Lifecycle),
      code: error.ErrorCode ?? 'Unknown',
      message: error.ErrorMessage ?? '',
    };
  });
  return { status: 'answered', launched, refusals };
}

function marketOf(lifecycle: string | undefined): Market {
  return lifecycle === 'spot' ? 'spot' : 'on-demand';
}

const throttles =
  /^(RequestLimitExceeded|Throttling|ThrottlingException|RequestThrottled|TooManyRequests)/;

/** An answer of class 4xx that is no throttle is final: the same request would get it again. */
function refusalOf(error: unknown): LaunchOutcome | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined || status < 400 || status >= 500 || throttles.test(name))
    return undefined;
  return { status: 'refused', code: name, message };
}
