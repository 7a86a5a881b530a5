/** The part of xmpp.js' component that the tests use; it ships without types. */
declare module '@xmpp/component' {
  import type { EventEmitter } from 'node:events';
  import type { Element } from '@xmpp/xml';
  export { default as xml } from '@xmpp/xml';
  export function component(options: {
    service: string;
    domain: string;
    password: string;
  }): EventEmitter & {
    readonly reconnect: { stop(): void };
    readonly iqCaller: { request(stanza: Element): Promise<Element> };
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
  };
}
