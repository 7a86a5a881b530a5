import { AwsError } from '../errors';

/**
 * Client tokens by EC2's rules ("Ensuring idempotency"): a repeat with the same parameters gets
 * the first answer, with other parameters `IdempotentParameterMismatch`. A call that failed is not
 * remembered.
 */
export class ClientTokens<T> {
  private readonly calls = new Map<string, { parameters: string; answer: Promise<T> }>();

  /** Whether a call with this token was made before and did not fail. */
  knows(token: string): boolean {
    return this.calls.has(token);
  }

  async once(token: string, parameters: unknown, call: () => Promise<T>): Promise<T> {
    if (token === '') return call();
    const fingerprint = JSON.stringify(parameters);
    const known = this.calls.get(token);
    if (known !== undefined) {
      if (known.parameters === fingerprint) return known.answer;
      throw new AwsError(
        'IdempotentParameterMismatch',
        'The client token has been used with different parameters',
      );
    }
    const answer = call();
    this.calls.set(token, { parameters: fingerprint, answer });
    answer.catch(() => this.calls.delete(token));
    return answer;
  }
}
