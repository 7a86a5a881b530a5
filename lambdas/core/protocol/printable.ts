/**
 * What a terminal would act on, or not show at all: control characters, separators of lines, what
 * turns the direction of text or has no width, and what is no character.
 */
const unprintable =
  /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u;

/**
 * Text of others as one line of at most `longest` characters, and `…` where more is left out. It
 * shows every character, also those that have no look: `<U+202E>`.
 */
export function printable(text: string, longest = 200): string {
  let shown = '';
  for (const character of text) {
    const next = unprintable.test(character) ? nameOf(character) : character;
    if (shown.length + next.length > longest) return `${shown}…`;
    shown += next;
  }
  return shown;
}

function nameOf(character: string): string {
  // A string that is iterated gives no empty characters.
  const code = character.codePointAt(0) as number;
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** All texts within a JSON value made {@link printable}. */
export function printableWithin<Value>(value: Value, longest: number): Value {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? printable(part, longest) : part,
  );
  return JSON.parse(text) as Value;
}

/** An error as logs and records tell it: AWS's message may repeat what somebody else wrote. */
export function printableError(error: unknown, longest = 400): string {
  return error instanceof Error
    ? printable(`${error.name}: ${error.message}`, longest)
    : 'unknown error';
}
