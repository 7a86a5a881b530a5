/**
 * JSON as SSM takes it in a parameter. SSM reads `{{ssm:name}}` in a value as a reference to
 * another parameter and refuses to store it. In JSON two braces can only follow each other within a
 * text, where one of them can be spelt otherwise: what is read is the same.
 */
export function parameterText(json: string): string {
  return json.replaceAll('{{', String.raw`{\u007b`);
}
