/**
 * Something that the operator gave cannot be used; the message says what and what to do. Nothing
 * was written.
 */
export class WrongInput extends Error {
  override readonly name = 'WrongInput';
}
