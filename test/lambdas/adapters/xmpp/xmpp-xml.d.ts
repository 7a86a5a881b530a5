/** xmpp.js' parser of one whole element; it ships without types. */
declare module '@xmpp/xml/lib/parse.js' {
  import type { Element } from '@xmpp/xml';
  function parse(text: string): Element;
  export { parse as default };
}
