import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

/** What a link's path leads to, relative to the page; `''` is the page itself. */
export type LinkTarget =
  | { readonly kind: 'page'; readonly markdown: string }
  | { readonly kind: 'file' }
  | { readonly kind: 'missing' };

/** Links of a Markdown page that lead to no file, or to a heading that its target does not have. */
export function brokenLinks(
  markdown: string,
  targetOf: (path: string) => LinkTarget,
): readonly string[] {
  return linksOf(markdown)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = targetOf(path);
      if (target.kind === 'page' && anchor !== undefined)
        return !anchorsOf(target.markdown).has(anchor);
      return target.kind === 'missing';
    });
}

function linksOf(markdown: string): readonly string[] {
  return new MarkdownIt({ html: true })
    .parse(markdown, {})
    .flatMap((token) => token.children ?? [])
    .flatMap((token) => [token.attrGet('href'), token.attrGet('src')])
    .filter((link) => typeof link === 'string');
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const tokens = new MarkdownIt().parse(markdown, {});
  return new Set(
    tokens.flatMap(({ type }, index) => {
      const text = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join('');
      return type === 'heading_open' ? [slugger.slug(text)] : [];
    }),
  );
}
