import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock';

const longestTtlSeconds = 21_600;

/** Session tokens of IMDSv2; each belongs to the instance that asked for it. */
export class Tokens {
  private readonly tokens = new Map<string, { instanceId: string; expiresAt: number }>();

  constructor(private readonly clock: Clock) {}

  /** A token, or undefined when the time to live is not 1–21600 seconds. */
  issue(
    instanceId: string,
    ttl: string | undefined,
  ): { token: string; seconds: number } | undefined {
    const seconds = /^\d+$/.test(ttl ?? '') ? Number(ttl) : 0;
    if (seconds < 1 || seconds > longestTtlSeconds) return undefined;
    const now = this.clock.now().getTime();
    for (const [old, { expiresAt }] of this.tokens) if (expiresAt < now) this.tokens.delete(old);
    const token = randomBytes(40).toString('base64');
    this.tokens.set(token, { instanceId, expiresAt: now + seconds * 1000 });
    return { token, seconds };
  }

  valid(instanceId: string, token: string): boolean {
    const known = this.tokens.get(token);
    if (known === undefined) return false;
    return known.instanceId === instanceId && known.expiresAt > this.clock.now().getTime();
  }
}
