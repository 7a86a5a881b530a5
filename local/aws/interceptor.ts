import type { AwsRequest, RawRequest } from './protocol/request';
import type { RawResponse } from './protocol/response';

/** Passes a call on to the emulator. */
export type Send = (raw: RawRequest) => Promise<RawResponse>;

/**
 * Looks at the calls of a service that the emulator answers: answers itself, with the emulator's
 * help or without, or leaves the call alone (undefined). Throws `AwsError` for an answer that is
 * an error.
 */
export type Interceptor = (request: AwsRequest, send: Send) => Promise<RawResponse | undefined>;
