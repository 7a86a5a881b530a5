import { AwsError } from '../errors';
import type { DocumentContent } from './documents';

type Declared = DocumentContent['parameters'][string];

/** Values of a document's parameters; Run Command takes every value as a list of strings. */
export type ParameterValues = Readonly<Record<string, readonly string[]>>;

/**
 * Checks a call's parameters against the document and fills in the defaults. Throws
 * `InvalidParameters` for an unknown or missing one and for a value that the document does not
 * allow.
 */
export function resolveParameters(
  content: DocumentContent,
  given: ParameterValues,
): ParameterValues {
  for (const name of Object.keys(given)) {
    if (!(name in content.parameters)) {
      throw new AwsError('InvalidParameters', `Parameter ${name} is not declared in the document.`);
    }
  }
  return Object.fromEntries(
    Object.entries(content.parameters).map(([name, declared]) => {
      const values = given[name] ?? defaults(declared.default);
      if (values === undefined) {
        throw new AwsError('InvalidParameters', `Parameter ${name} requires a value.`);
      }
      if (declared.type === 'String' && values.length !== 1) {
        throw new AwsError('InvalidParameters', `Parameter ${name} takes one value.`);
      }
      for (const value of values) {
        const { allowedValues, allowedPattern } = declared;
        const listed = allowedValues?.includes(value) ?? true;
        const fits = allowedPattern === undefined || new RegExp(allowedPattern).test(value);
        if (!listed || !fits) {
          throw new AwsError(
            'InvalidParameters',
            `Parameter ${name} does not allow the value given.`,
          );
        }
      }
      return [name, values];
    }),
  );
}

function defaults(value: Declared['default']): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** The script of a document with `{{ name }}` replaced; a list is joined by spaces. */
export function renderScript(content: DocumentContent, values: ParameterValues): string {
  const lines = content.mainSteps.flatMap(({ inputs }) => inputs.runCommand);
  return lines
    .join('\n')
    .replace(/\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g, (whole, name: string) =>
      name in values ? (values[name] ?? []).join(' ') : whole,
    );
}
