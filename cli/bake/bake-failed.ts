/**
 * Thrown when no image was made. The machine is terminated by then; nothing that the fleet uses
 * has changed.
 */
export class BakeFailed extends Error {
  override readonly name = 'BakeFailed';

  /** @param console last lines that the machine wrote, oldest first */
  constructor(
    message: string,
    readonly console: readonly string[] = [],
  ) {
    super(message);
  }
}
