import type { Principal } from './iam/access';
import type { Output } from './protocol/response';

/** One call as its handler sees it. */
export interface Call {
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  /** Who calls. */
  readonly principal: Principal;
  readonly requestId: string;
}

/** Answer of a handler that leaves the call to the emulator behind the gateway. */
export const passOn = Symbol('passOn');

/** One API action. Throws `AwsError` for an answer that is an error. */
export type Handler = (call: Call) => Promise<Output | typeof passOn> | Output | typeof passOn;

/** Handlers by service (name in the credential scope) and action. */
export type HandlerTable = Readonly<Record<string, Readonly<Record<string, Handler>>>>;
