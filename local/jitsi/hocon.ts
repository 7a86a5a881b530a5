import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Value of a HOCON file: numbers, booleans and durations stay text, as their readers decide what
 * they are.
 */
export type HoconValue = string | HoconObject | readonly HoconValue[];
export interface HoconObject {
  readonly [key: string]: HoconValue;
}

/** Thrown for what is not HOCON, or not of the subset that is read here. */
export class HoconError extends Error {
  override readonly name = 'HoconError';
}

/**
 * Parses the part of HOCON (https://github.com/lightbend/config/blob/main/HOCON.md) that Jitsi's
 * configuration files use: objects that merge, paths as keys, `=`, `:` or nothing before `{`,
 * quoted and unquoted strings, arrays, comments and includes of files. Substitutions, `+=`, triple
 * quotes and values that are put together of several are refused rather than misread.
 *
 * @param readInclude text of an included file, undefined when there is none
 */
export function parseHocon(
  text: string,
  readInclude: (file: string) => string | undefined = () => undefined,
): HoconObject {
  return new Parser(text, readInclude).file();
}

/** Reads a file and what it includes, relative to itself. Throws when it does not exist. */
export function readHocon(file: string): HoconObject {
  const included = (name: string) => {
    const path = resolve(dirname(file), name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  return parseHocon(readFileSync(file, 'utf8'), included);
}

/** What stands at a path of keys; undefined when nothing does. */
export function hoconAt(root: HoconObject, path: readonly string[]): HoconValue | undefined {
  let value: HoconValue | undefined = root;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value;
}

export function isObject(value: HoconValue | undefined): value is HoconObject {
  return typeof value === 'object' && !Array.isArray(value);
}

type Fields = Map<string, HoconValue>;

class Parser {
  private position = 0;

  constructor(
    private readonly text: string,
    private readonly readInclude: (file: string) => string | undefined,
  ) {}

  file(): HoconObject {
    this.skipSeparators();
    const isBraced = this.take('{');
    const fields = this.fields(isBraced ? '}' : '');
    this.skipSeparators();
    if (this.position < this.text.length) this.fail('something after the end');
    return Object.fromEntries(fields);
  }

  /** Fields up to the closing character, or to the end of the file when that is empty. */
  private fields(end: '}' | ''): Fields {
    const fields: Fields = new Map();
    for (;;) {
      this.skipSeparators();
      if (end === '' ? this.position >= this.text.length : this.take(end)) return fields;
      if (this.position >= this.text.length) this.fail(`no ${end}`);
      if (this.takeWord('include')) this.include(fields);
      else this.field(fields);
    }
  }

  private include(fields: Fields): void {
    const match = /^\s+(?:required\(\s*)?(?:file\(\s*)?"([^"\n]*)"[\s)]*?(?=\n|,|}|$)/.exec(
      this.rest(),
    );
    if (match?.[1] === undefined) this.fail('an include that is not of a file');
    this.position += match[0].length;
    const text = this.readInclude(match[1]);
    if (text === undefined) {
      if (match[0].includes('required')) this.fail(`no file ${match[1]} to include`);
      return;
    }
    const included = parseHocon(text, this.readInclude);
    for (const [key, value] of Object.entries(included)) put(fields, [key], value);
  }

  private field(fields: Fields): void {
    const path = this.path();
    this.skipBlanks();
    if (this.text.startsWith('+=', this.position)) this.fail('+=');
    if (!this.take('=') && !this.take(':') && this.peek() !== '{') this.fail('no = after a key');
    this.skipSpace();
    put(fields, path, this.value());
  }

  private path(): string[] {
    const path: string[] = [];
    do {
      const key =
        this.peek() === '"' ? this.quoted() : this.matching(/^[\w-]+(?: +[\w-]+)*/, 'a key');
      path.push(key);
    } while (this.take('.'));
    return path;
  }

  private value(): HoconValue {
    const value = this.plainValue();
    this.skipBlanks();
    const next = this.peek();
    if (next !== '' && !',}]\n\r#'.includes(next) && !this.rest().startsWith('//')) {
      this.fail('a value of several parts');
    }
    return value;
  }

  private plainValue(): HoconValue {
    if (this.take('{')) return Object.fromEntries(this.fields('}'));
    if (this.take('[')) return this.array();
    if (this.text.startsWith('"""', this.position)) this.fail('triple quotes');
    if (this.peek() === '"') return this.quoted();
    if (this.peek() === '$') this.fail('a substitution');
    // Unquoted text may have blanks inside ("5 seconds"), and a slash, but not the start of a
    // comment.
    return this.matching(
      /^(?:(?!\/\/)[^\s"{}[\],:=#$+`^?!@*&\\]|[ \t]+(?=[^\s#,}\]/{["$]))+/,
      'a value',
    );
  }

  private array(): HoconValue[] {
    const values: HoconValue[] = [];
    for (;;) {
      this.skipSeparators();
      if (this.take(']')) return values;
      values.push(this.value());
    }
  }

  private quoted(): string {
    const text = this.matching(/^"(?:[^"\\\n]|\\.)*"/, 'the end of a quoted string');
    return JSON.parse(text) as string;
  }

  private matching(pattern: RegExp, what: string): string {
    const match = pattern.exec(this.rest());
    if (match === null) this.fail(`no ${what}`);
    this.position += match[0].length;
    return match[0];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.position += 1;
    return true;
  }

  private takeWord(word: string): boolean {
    if (!new RegExp(`^${word}(?=\\s)`).test(this.rest())) return false;
    this.position += word.length;
    return true;
  }

  private skipBlanks(): void {
    this.skip(/^[ \t]+/);
  }

  private skipSpace(): void {
    this.skip(/^(?:\s|#[^\n]*|\/\/[^\n]*)+/);
  }

  private skipSeparators(): void {
    this.skip(/^(?:\s|,|#[^\n]*|\/\/[^\n]*)+/);
  }

  private skip(pattern: RegExp): void {
    this.position += pattern.exec(this.rest())?.[0].length ?? 0;
  }

  private peek(): string {
    return this.text[this.position] ?? '';
  }

  private rest(): string {
    return this.text.slice(this.position);
  }

  private fail(what: string): never {
    const line = this.text.slice(0, this.position).split('\n').length;
    throw new HoconError(`line ${line}: ${what}`);
  }
}

/** Later values replace earlier ones; objects are merged. */
function put(fields: Fields, [key = '', ...rest]: readonly string[], value: HoconValue): void {
  const before = fields.get(key);
  const inner: Fields = new Map(isObject(before) ? Object.entries(before) : []);
  if (rest.length > 0) put(inner, rest, value);
  else if (!isObject(value)) {
    fields.set(key, value);
    return;
  } else for (const [name, part] of Object.entries(value)) put(inner, [name], part);
  fields.set(key, Object.fromEntries(inner));
}
