const ways: readonly { readonly sign: RegExp; readonly way: string }[] = [
  {
    sign: /region is missing/i,
    way: 'set AWS_REGION, or set AWS_PROFILE to a profile with a region',
  },
  {
    sign: /could not load credentials/i,
    way: 'sign in, set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  },
];

/** An error as one line for the operator. For a missing setting of the SDK it says what to set. */
export function explainError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = ways.find(({ sign }) => sign.test(message));
  return known === undefined ? message : `${message}: ${known.way}`;
}
