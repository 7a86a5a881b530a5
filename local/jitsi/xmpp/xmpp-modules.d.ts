/** What the stand-ins use of xmpp.js beside what the collector uses; it ships without types. */

declare module '@xmpp/xml' {
  interface Element {
    readonly children: readonly (Element | string)[];
    getNS(): string | undefined;
    getText(): string;
    getChildElements(): Element[];
    /** On one line, attributes in their order and in double quotes. */
    toString(): string;
  }
}

declare module '@xmpp/component-core' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  import type { Element } from '@xmpp/xml';

  export class Component extends EventEmitter {
    constructor(options: { service: string; domain: string });
    readonly options: { readonly service: string; readonly domain: string };
    readonly socket: Socket | null;
    /** For each answer of the server, in milliseconds. */
    timeout: number;
    isStanza(element: Element): boolean;
    connect(service: string): Promise<unknown>;
    open(options: { domain: string }): Promise<unknown>;
    authenticate(id: string, secret: string): Promise<void>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<unknown>;
    write(text: string): Promise<unknown>;
  }
}

declare module '@xmpp/sasl-anonymous' {
  import type SASLFactory from 'saslmechanisms';
  function anonymous(factory: SASLFactory): void;
  export { anonymous as default };
}
