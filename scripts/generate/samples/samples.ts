import { execFileSync } from 'node:child_process';

import { describeReason } from '../../../lambdas/core/words/describe-reason';
import { reasonExamples } from './reason-examples';
import { sampleReplies, shownOnTerminal } from './sample-fleet';

/** Markdown by the sample's name. */
export type Samples = ReadonlyMap<string, string>;

/**
 * Samples that the docs show, by name. They come out of the code that ships, so that they cannot
 * drift: a page has `<!-- sample NAME -->` and `<!-- end sample -->` around each, and `npm run
 * docs` writes what is between them.
 */
export async function samples(): Promise<Samples> {
  const { scale, rejected, status, decisionRecord } = await sampleReplies();
  return new Map([
    ['scale-reply', json(scale)],
    ['rejected-reply', json(rejected)],
    ['decision-record', json(decisionRecord)],
    ['status', fence('text', shownOnTerminal(status))],
    ['reasons', reasonTable()],
  ]);
}

/**
 * A page with its samples as they are now. @throws Error when it names a sample that does not
 * exist
 */
export function withSamples(page: string, file: string, known: Samples): string {
  const text = page.replace(
    /<!-- sample ([\w-]+) -->[\s\S]*?<!-- end sample -->/g,
    (_, name: string) => {
      const sample = known.get(name);
      if (sample === undefined) throw new Error(`${file}: there is no sample ${name}`);
      return `<!-- sample ${name} -->\n\n${sample}\n\n<!-- end sample -->`;
    },
  );
  // As a program: prettier loads its parsers in a way that Jest cannot follow.
  return execFileSync('npx', ['prettier', '--stdin-filepath', file], {
    input: text,
    encoding: 'utf8',
  });
}

function json(value: unknown): string {
  return fence('json', JSON.stringify(value, undefined, 2));
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function reasonTable(): string {
  const rows = Object.values(reasonExamples).map(
    (reason) => `| \`${reason.code}\` | ${describeReason(reason)} |`,
  );
  return ['| code | in words, for example |', '| --- | --- |', ...rows].join('\n');
}
