import { AwsError } from './errors';

/** One page of a list; the token is the position, opaque to callers as AWS's is. */
export function page<T>(
  all: readonly T[],
  maxResults: number | undefined,
  token: string | undefined,
  invalidToken: string,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const start = token === undefined || token === '' ? 0 : decode(token, invalidToken);
  const end = maxResults === undefined ? all.length : start + maxResults;
  const items = all.slice(start, end);
  return end < all.length ? { items, nextToken: encode(end) } : { items };
}

function encode(position: number): string {
  return Buffer.from(`position:${position}`).toString('base64url');
}

function decode(token: string, code: string): number {
  const position = /^position:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (position === undefined) throw new AwsError(code, 'The pagination token is not valid');
  return Number(position);
}
