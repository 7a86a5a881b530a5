/** The part of xmpp.js' client that the tests use; it ships without types. */
declare module '@xmpp/client' {
  import type { component } from '@xmpp/component';
  /** Without an account: anonymous. */
  export function client(options: {
    service: string;
    domain: string;
    username?: string;
    password?: string;
  }): ReturnType<typeof component>;
}
