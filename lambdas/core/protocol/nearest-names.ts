import { distance } from 'fastest-levenshtein';

/** Longer than any name of ours; what is typed may be anything of any length. */
const longestTyped = 40;

/**
 * Names that a mistyped one probably meant, whatever its case: at most two, nearest first; empty
 * when none is near.
 */
export function nearestNames(typed: string, names: readonly string[]): readonly string[] {
  const wrong = typed.slice(0, longestTyped).toLowerCase();
  const farthest = Math.max(2, Math.floor(wrong.length / 3));
  return names
    .map((name) => ({ name, edits: distance(wrong, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= farthest)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, 2)
    .map(({ name }) => name);
}
