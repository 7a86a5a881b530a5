import { seededRandom } from '../load/random';
import type { Seconds } from './behaviour';

/**
 * Draws by seed; each purpose has numbers of its own, so that one more draw of one shifts no
 * other.
 */
export class Chance {
  private readonly draws = new Map<string, () => number>();

  constructor(private readonly seed: number) {}

  /** From 0 to below 1. */
  next(purpose: string): number {
    const draw = this.draws.get(purpose) ?? this.begin(purpose);
    this.draws.set(purpose, draw);
    return draw();
  }

  /** A span in milliseconds. */
  milliseconds({ from, to }: Seconds, purpose: string): number {
    return (from + (to - from) * this.next(purpose)) * 1000;
  }

  private begin(purpose: string): () => number {
    return seededRandom(hash(`${this.seed} ${purpose}`));
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value;
}
