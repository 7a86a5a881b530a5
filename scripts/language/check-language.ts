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
  return texts.flatMap((text, index) => {
    const { line, kind } = text;
    const joined = text.text.trimEnd() + continuation(text, texts[index + 1]);
    return languageRules
      .filter((rule) => applies(rule, file, kind))
      .flatMap(({ pattern, use }) => {
        const found = pattern.exec(text.text) ?? pattern.exec(joined);
        // What begins in the next line is found there.
        if (found === null || found.index >= text.text.trimEnd().length) return [];
        return [{ file, line, message: `"${found[0]}": use ${use}` }];
      });
  });
}

/** The next line of the same paragraph: a phrase may be broken between the two. */
function continuation(text: TextLine, next: TextLine | undefined): string {
  const isProse = text.kind === 'prose' || text.kind === 'comment';
  if (!isProse || next?.kind !== text.kind || next.line !== text.line + 1) return '';
  return ` ${next.text.replace(/^[\s*#/-]+/, '')}`;
}

function applies({ where }: LanguageRule, file: string, kind: TextLine['kind']): boolean {
  if (where === 'identifiers' || kind === 'identifier')
    return where === 'identifiers' && kind === 'identifier';
  return where === 'everywhere' || (kind !== 'comment' && operatorFiles.test(file));
}

/**
 * Tables, fenced blocks, headings and lines that are long because of a link are left alone; so are
 * lines of a comment that are indented like a fenced block.
 */
function lengthFindings(file: string, texts: readonly TextLine[]): readonly Finding[] {
  const comment = file.endsWith('.lua') ? /^\s*-- ?\S/ : /^\s*# ?\S/;
  let isFenced = false;
  return texts.flatMap(({ line, text, kind }) => {
    if (kind === 'prose' && /^\s*(```|~~~)/.test(text)) isFenced = !isFenced;
    const isCounted =
      kind === 'prose'
        ? !isFenced && !/^\s*\||^#|^\[!?\[|^!\[/.test(text)
        : kind === 'comment' && !/\.(ts|mjs|cjs)$/.test(file) && comment.test(text);
    return isCounted && !/\S{60}/.test(text) && Array.from(text).length > mostColumns
      ? [{ file, line, message: `longer than ${mostColumns} columns` }]
      : [];
  });
}
