import type { Interceptor } from './interceptor';

/** The first of several that answers. */
export function firstOf(...interceptors: readonly Interceptor[]): Interceptor {
  return async (request, send) => {
    for (const intercept of interceptors) {
      const response = await intercept(request, send);
      if (response !== undefined) return response;
    }
    return undefined;
  };
}
