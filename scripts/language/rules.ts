/**
 * Where a rule applies:
 * - `everywhere`: Markdown, comments, string literals, shell, Lua and YAML;
 * - `operator`: only what operators read, that is Markdown and the texts of `bin`, `cli`, `lib` and
 *   `lambdas`. For words that have a second, legitimate sense in comments on the code.
 * - `identifiers`: names in TypeScript.
 */
export type Where = 'everywhere' | 'operator' | 'identifiers';

export interface LanguageRule {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly use: string;
  readonly where: Where;
}

/**
 * The words of the project: one word per idea. A term that is not in this table is that of AWS,
 * Jitsi or Kubernetes; docs/glossary.md defines the terms of this project.
 */
export const languageRules: readonly LanguageRule[] = [
  // Size of the fleet
  everywhere(/\b(is|are|was|were|be|been|stays?) held\b/, '"hold", or "skipped" for an action'),
  everywhere(/\bheld (as it is|at|back|ready|bridges?|size)\b/, '"hold", or "at the current size"'),
  operator(/\bheld\b/, '"hold", "scale-in floor" or "skipped"'),
  everywhere(/\b(fewer|it|they|size|min) (is|are) (not )?kept\b/, '"hold" or "scale-in floor"'),
  operator(/\bkept\b(?!')/, '"retained", "stored" or "stays"'),
  everywhere(/\bpatience\b/i, '"scale-in cooldown"'),
  everywhere(/\bimpatient\b/i, '"scale-in cooldown"'),
  everywhere(/\b(for|beyond|by) chance\b/, '"for random variation"'),
  everywhere(/\b(bridges?|bounds|overrides|one|schedules) would do\b/, '"suffice"'),

  // The operator's commands
  everywhere(/\b(commands?|overrides?|those) in force\b/, '"active overrides"'),
  everywhere(/\bend every (command|override)\b/i, '"clear overrides"'),
  everywhere(/\bthe same id again\b/, '"the same idempotency key"'),
  everywhere(/\bone of (its|their|her|his) own unless given\b/, '"generated if omitted"'),
  everywhere(/\bunless given\b/, '"by default" or "if omitted"'),
  everywhere(/\bother bounds than\b/, '"override min/max temporarily"'),
  everywhere(/\bwhat is under ?way goes on\b/, '"actions in progress continue"'),
  everywhere(/\bis no bridge of fleet\b/, '"no such bridge in fleet …"'),
  everywhere(/\bchange them first with\b/, 'the command: "run jitsi-bridges … first"'),
  everywhere(/\bthe automatic\b(?! (scale|launch|drain|test))/, '"the autoscaler"'),
  everywhere(/\bautomatic rules\b/, '"the autoscaler"'),
  operator(
    /\b(keys?|commands?|configuration|config|events?|arguments?|files?|props?) (is|are|was|were) (also )?refused\b/,
    '"rejected"',
  ),
  everywhere(/\bwas refused:/, '"is invalid:" or "rejected"'),
  everywhere(/\brefused and counted\b/, '"rejected and counted"'),
  everywhere(/\bnot taken\b(?! (into|from))/, '"rejected"'),

  // One bridge
  everywhere(
    /\bquiet bridges?\b|\bbridges? (is|are|was|were|stays?|goes|fell) quiet\b/,
    '"silent"',
  ),
  everywhere(/\bmissing bridges?\b|\bbridges? (is|are|was|were) missing\b/, '"silent"'),
  everywhere(/\bdiscard(s|ed|ing)?\b/, '"terminate" (after "suspect")'),
  everywhere(/\btwo looks\b|\bsecond look\b|\blooked at twice\b/, '"suspect", then "terminate"'),
  everywhere(
    /\b(take|takes|taken|taking|took)(?! to)( [\w']+){0,3} back\b/,
    '"undrain", "undo" or "revert"',
  ),
  everywhere(/\b(nobody|no one|anybody) (is |was )?on (it|them)\b/, '"idle" or "empty"'),
  everywhere(/\bwith (people|somebody|someone) on (it|them)\b/, '"with participants"'),
  everywhere(/\banother secret for\b/, '"replace the secret of"'),
  everywhere(/\bhas it looked after\b/, '"triggers repair"'),
  operator(/\blogins?\b/, '"credentials", "account" or "authentication"'),
  operator(/\bsaid: nothing\b/, '"console output is empty"'),
  everywhere(
    /\b(bridge|instance|machine|host|process|server|fleet|secret|component|stack)s? (comes?|goes?|vanish|vanishes|go away)\b(?! (up|back|on|out|through|into|from|to|first)\b)/,
    '"starts", "stops", "is terminated" or "is removed"',
  ),
  everywhere(/\b(came|come|comes) (or|and) (went|go|goes)\b/, '"start and stop"'),
  everywhere(/\b(bridges?|machines?|instances?|it) (is|are) ended\b/, '"terminated" or "stopped"'),
  everywhere(/\bends? (the|a|its) (machine|bridge|instance)s?\b/, '"terminates" or "stops"'),

  // Figures
  everywhere(
    /\bin the middle\b|\b(the )?middle (one|time|value)\b/,
    '"median", or "half way through"',
  ),
  everywhere(/\bin the mean\b/, '"on average"'),
  everywhere(/\bhow often meetings are drawn\b/, '"number of simulation runs"'),

  // Runbook and documents
  everywhere(/\bworth a (visit|look)\b/, '"investigate"'),
  operator(/\b(at|on) your desk\b/, '"on the operator\'s workstation"'),
  operator(
    /\*\*(Means|By itself|Look at|Do)\*\*/,
    '"Meaning", "Automatic response", "Investigate", "Fix"',
  ),
  operator(/\bonce, and soon\b/, '"once, right after deploying"'),
  operator(/\bthen tells how to reach it\b/, '"then prints the connection details"'),
  operator(/\bread anew\b/, '"re-read"'),
  operator(/\bpeople come\b|\bvanish\b/, '"as load rises", "are terminated"'),

  // Messages about the configuration
  everywhere(
    /\bof type (object|array|string|int|number|boolean), not\b/,
    'words: "must be a list"',
  ),
  everywhere(/\bsmall letters\b/, '"lowercase"'),
  everywhere(/\b[Cc]ounts as it was last deployed\b/, '"the deployed value applies"'),
  everywhere(/\bexpected number to be\b/, '"must be 0 or more"'),

  // Names
  identifiers(/^(victims?|outlook|surroundings|impatient|withoutFewer)$/i, 'see docs/glossary.md'),
];

function everywhere(pattern: RegExp, use: string): LanguageRule {
  return { pattern, use, where: 'everywhere' };
}
function operator(pattern: RegExp, use: string): LanguageRule {
  return { pattern, use, where: 'operator' };
}
function identifiers(pattern: RegExp, use: string): LanguageRule {
  return { pattern, use, where: 'identifiers' };
}
