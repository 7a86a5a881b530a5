/** What the regression gate looks at. */
export interface GateFigures {
  readonly forcedDisconnects: number;
  readonly overloadShare: number;
  readonly bridgeHoursOverClairvoyant: number;
}

/**
 * Overload that the benchmark's targets allow; where there is no target, a tenth more than
 * committed.
 */
const overloadTargets: Readonly<Record<string, number>> = { S1: 0.0002, S2: 0.0002 };
const overloadTolerance = 1.1;
const hoursTolerance = 1.02;

/** Why the found figures are not good enough, a sentence each; none = they are. */
export function judge(
  scenario: string,
  found: GateFigures,
  committed: GateFigures | undefined,
): readonly string[] {
  if (committed === undefined) return [`${scenario}: no committed figures to compare with`];
  const { forcedDisconnects, overloadShare, bridgeHoursOverClairvoyant } = found;
  const overloadLimit = overloadTargets[scenario] ?? committed.overloadShare * overloadTolerance;
  const hoursLimit = committed.bridgeHoursOverClairvoyant * hoursTolerance;
  const percent = (share: number) => `${(100 * share).toFixed(4)} %`;
  return [
    ...(forcedDisconnects > 0 ? [`${scenario}: ${forcedDisconnects} forced disconnects`] : []),
    ...(overloadShare <= overloadLimit
      ? []
      : [`${scenario}: overload ${percent(overloadShare)}, allowed ${percent(overloadLimit)}`]),
    ...(bridgeHoursOverClairvoyant <= hoursLimit
      ? []
      : [
          `${scenario}: hours / C* ${bridgeHoursOverClairvoyant.toFixed(3)}, ` +
            `committed ${committed.bridgeHoursOverClairvoyant.toFixed(3)}`,
        ]),
  ];
}
