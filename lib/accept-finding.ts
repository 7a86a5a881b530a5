import { NagSuppressions } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/**
 * Marks a finding of cdk-nag as known and right, with the reason.
 * @param findings what exactly is accepted, as cdk-nag writes it (`Resource::*`, `Action::…`); all of the rule when omitted
 */
export function acceptFinding(
  scope: IConstruct,
  rule: `AwsSolutions-${string}`,
  reason: string,
  findings?: readonly string[],
): void {
  NagSuppressions.addResourceSuppressions(
    scope,
    [{ id: rule, reason, ...(findings === undefined ? {} : { appliesTo: [...findings] }) }],
    true,
  );
}
