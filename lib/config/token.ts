/**
 * How CDK writes a text that only CloudFormation resolves, such as a reference to another
 * resource.
 */
const marker = /\$\{Token\[[\w.:-]+\]\}/;

/**
 * Whether a text holds a CDK token. CDK's own `Token.isUnresolved` says the same; it is not asked,
 * because the command line reads config files too and must not load the CDK for it.
 */
export function holdsToken(text: string): boolean {
  return marker.test(text);
}
