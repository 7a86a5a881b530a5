const rate = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/;
const unitMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Milliseconds between two starts of `rate(n minutes|hours|days)`, or undefined for another
 * expression.
 */
export function ratePeriod(expression: string): number | undefined {
  const [, count, unit = ''] = rate.exec(expression) ?? [];
  const milliseconds = Number(count) * (unitMilliseconds[unit] ?? NaN);
  return milliseconds > 0 ? milliseconds : undefined;
}

export function isRate(expression: unknown): boolean {
  return typeof expression === 'string' && ratePeriod(expression) !== undefined;
}
