/**
 * An answer of the emulated AWS that is an error; `code` as the API reference of the action spells
 * it.
 */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}
