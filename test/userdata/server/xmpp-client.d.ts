/** The part of xmpp.js' client that the tests use; it ships without types. */
declare module '@xmpp/client' {
  import type { component } from '@xmpp/component';
  import type { Element } from '@xmpp/xml';

  /** What sessions of accounts and of components have alike. */
  export type Session = ReturnType<typeof component> & {
    readonly jid: { toString(): string } | null;
    readonly reconnect: { delay: number };
    send(element: Element): Promise<unknown>;
  };
  /** Without an account: anonymous. */
  export function client(options: {
    service: string;
    domain: string;
    username?: string;
    password?: string;
  }): Session;
}
