import { randomBytes, randomUUID } from 'node:crypto';

/** Chance as the emulated AWS sees it; a test may give its own. */
export interface Ids {
  /** `i-0abc…`: prefix and 17 hexadecimal digits. */
  resource(prefix: 'i' | 'r' | 'fleet' | 'eni' | 'ami' | 'snap'): string;
  uuid(): string;
}

export const randomIds: Ids = {
  resource: (prefix) =>
    prefix === 'fleet' ? `fleet-${randomUUID()}` : `${prefix}-0${randomBytes(8).toString('hex')}`,
  uuid: () => randomUUID(),
};
