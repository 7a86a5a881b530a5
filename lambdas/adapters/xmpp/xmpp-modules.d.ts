/** The part of xmpp.js that is used here; it ships without types. */

declare module '@xmpp/xml' {
  export interface Element {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string | undefined>>;
    is(name: string, xmlns?: string): boolean;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): Element[];
  }
  const xml: (
    name: string,
    attrs?: Readonly<Record<string, string | undefined>>,
    ...children: readonly (Element | string)[]
  ) => Element;
  export { xml as default };
}

declare module '@xmpp/client-core' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { Element } from '@xmpp/xml';
  import xml from '@xmpp/xml';

  export { xml };
  export class Client extends EventEmitter {
    constructor(options: { service: string; domain: string; timeout?: number });
    readonly options: { readonly service: string; readonly domain: string };
    /** Full address once online. */
    readonly jid: { toString(): string } | null;
    readonly status: string;
    readonly socket: Socket | null;
    isSecure(): boolean;
    isStanza(element: Element): boolean;
    connect(service: string): Promise<unknown>;
    open(options: { domain: string }): Promise<unknown>;
    restart(): Promise<unknown>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<unknown>;
    sendReceive(element: Element): Promise<Element>;
    _attachSocket(socket: Socket): void;
    _detachSocket(): void;
    _onSeeOtherHost(error: Error): unknown;
  }
}

declare module '@xmpp/tcp' {
  import type { Client } from '@xmpp/client-core';
  function tcp(parts: { entity: Client }): void;
  export { tcp as default };
}

declare module '@xmpp/middleware' {
  import type { EventEmitter } from 'node:events';
  import type { Client } from '@xmpp/client-core';
  import type { Element } from '@xmpp/xml';
  export interface Context {
    readonly entity: Client;
    readonly stanza: Element;
  }
  export type Handler = (context: Context, next: () => Promise<unknown>) => unknown;
  export interface Middleware {
    use(handler: Handler): void;
  }
  function middleware(parts: { entity: EventEmitter }): Middleware;
  export { middleware as default };
}

declare module '@xmpp/stream-features' {
  import type { Context, Middleware } from '@xmpp/middleware';
  export interface StreamFeatures {
    use(
      name: string,
      xmlns: string,
      handler: (context: Context, next: () => Promise<unknown>) => unknown,
    ): void;
  }
  function streamFeatures(parts: { middleware: Middleware }): StreamFeatures;
  export { streamFeatures as default };
}

declare module '@xmpp/iq/caller.js' {
  import type { EventEmitter } from 'node:events';
  import type { Middleware } from '@xmpp/middleware';
  import type { Element } from '@xmpp/xml';
  export interface IqCaller {
    /** The answer; a StanzaError with its `condition` when the answer is an error. */
    request(stanza: Element, timeoutMs?: number): Promise<Element>;
  }
  function iqCaller(parts: { middleware: Middleware; entity: EventEmitter }): IqCaller;
  export { iqCaller as default };
}

declare module '@xmpp/resource-binding' {
  import type { IqCaller } from '@xmpp/iq/caller.js';
  import type { StreamFeatures } from '@xmpp/stream-features';
  function resourceBinding(
    parts: { iqCaller: IqCaller; streamFeatures: StreamFeatures },
    resource?: string,
  ): void;
  export { resourceBinding as default };
}

declare module 'saslmechanisms' {
  class SASLFactory {
    use(mechanism: unknown): void;
  }
  export { SASLFactory as default };
}

declare module '@xmpp/sasl-scram-sha-1' {
  import type SASLFactory from 'saslmechanisms';
  function scramSha1(factory: SASLFactory): void;
  export { scramSha1 as default };
}

declare module '@xmpp/sasl-plain' {
  import type SASLFactory from 'saslmechanisms';
  function plain(factory: SASLFactory): void;
  export { plain as default };
}

declare module '@xmpp/sasl' {
  import type { Client } from '@xmpp/client-core';
  import type { StreamFeatures } from '@xmpp/stream-features';
  import type SASLFactory from 'saslmechanisms';
  function sasl(
    parts: { streamFeatures: StreamFeatures; saslFactory: SASLFactory },
    onAuthenticate: (
      authenticate: (
        credentials: { username?: string; password?: string },
        mechanism: string,
      ) => Promise<void>,
      mechanisms: readonly string[],
      fast: null,
      entity: Client,
    ) => Promise<void>,
  ): void;
  export { sasl as default };
}
