import ts from 'typescript';

/** One line of text that a person reads, or a name. */
export interface TextLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly kind: 'prose' | 'comment' | 'literal' | 'identifier';
}

/** What people read of a file, by the ending of its name; undefined where nothing is checked. */
export function textsOf(file: string, content: string): readonly TextLine[] | undefined {
  if (file.endsWith('.md')) return linesOf(content, 'prose');
  if (/\.(ts|mjs|cjs)$/.test(file)) return typescriptTexts(content);
  if (/\.(sh|bash|bats|lua|ya?ml)$/.test(file) || content.startsWith('#!'))
    return linesOf(content, 'comment');
  return undefined;
}

function linesOf(content: string, kind: TextLine['kind'], firstLine = 1): readonly TextLine[] {
  return content.split('\n').map((text, index) => ({ line: firstLine + index, text, kind }));
}

function typescriptTexts(content: string): readonly TextLine[] {
  const source = ts.createSourceFile('text.ts', content, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number) => source.getLineAndCharacterOfPosition(position).line + 1;
  const texts: TextLine[] = [];
  const seen = new Set<number>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(content, node.getFullStart()) ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      texts.push(...linesOf(content.slice(pos, end), 'comment', lineAt(pos)));
    }
    if (ts.isIdentifier(node))
      texts.push({ line: lineAt(node.getStart()), text: node.text, kind: 'identifier' });
    else if (isLiteral(node)) texts.push(...linesOf(node.text, 'literal', lineAt(node.getStart())));
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  return texts;
}

function isLiteral(node: ts.Node): node is ts.LiteralLikeNode {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}
