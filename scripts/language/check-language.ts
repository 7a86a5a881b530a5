import { languageRules, type LanguageRule } from './rules';
import { textsOf, type TextLine } from './texts';

export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Longest line of Markdown prose and of comments in shell, Lua and YAML; ESLint checks TypeScript.
 */
export const mostColumns = 100;

const operatorFiles = /^(bin|cli|lib|lambdas|docs|userdata)\/|\.md$|^bridges\.example\.yaml$/;

/** Forbidden words and lines that are too long in one file, given by its path in the project. */
export function checkLanguage(file: string, content: string): readonly Finding[] {
  const texts = textsOf(file, content) ?? [];
  return [...wordFindings(file, texts), ...lengthFindings(file, texts)];
}

function wordFindings(file: string, texts: readonly TextLine[]): readonly Finding[] {
  return texts.flatMap(({ line, text, kind }) =>
    languageRules
      .filter((rule) => applies(rule, file, kind))
      .flatMap(({ pattern, use }) => {
        const [found] = pattern.exec(text) ?? [];
        return found === undefined ? [] : [{ file, line, message: `"${found}": use ${use}` }];
      }),
  );
}

function applies({ where }: LanguageRule, file: string, kind: TextLine['kind']): boolean {
  if (where === 'identifiers' || kind === 'identifier')
    return where === 'identifiers' && kind === 'identifier';
  return where === 'everywhere' || (kind !== 'comment' && operatorFiles.test(file));
}

/** Tables, fenced blocks, headings and lines that are long because of a link are left alone. */
function lengthFindings(file: string, texts: readonly TextLine[]): readonly Finding[] {
  let isFenced = false;
  return texts.flatMap(({ line, text, kind }) => {
    if (kind === 'prose' && /^\s*(```|~~~)/.test(text)) isFenced = !isFenced;
    const exempt =
      isFenced || (kind === 'prose' && /^\s*\||^#|^\[!?\[|^!\[/.test(text)) || /\S{60}/.test(text);
    const isCounted =
      (kind === 'prose' && !exempt) ||
      (kind === 'comment' && !/\.(ts|mjs|cjs)$/.test(file) && /^\s*(#|--)/.test(text));
    return isCounted && Array.from(text).length > mostColumns
      ? [{ file, line, message: `longer than ${mostColumns} columns` }]
      : [];
  });
}
