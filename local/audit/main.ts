import { writeFile } from 'node:fs/promises';

import { Command, Option } from 'commander';

import type { Generation } from '../cloud/server-a';
import { NeedsRootError, startInNamespace } from '../namespace/launcher';
import { renderAudit } from './render-audit';
import { auditReport, type AuditedRun } from './report';

interface Options {
  readonly json?: boolean;
  readonly record?: string;
  readonly generation?: Generation;
}

const generations: readonly Generation[] = ['component', 'muc'];

/**
 * `npm run audit`: plays the stories and tells which rights were used, missing, or granted for
 * nothing.
 */
async function main(): Promise<number> {
  const options = new Command('npm run audit --')
    .description('Plays the stories in the local cloud and audits the rights of every role.')
    .option('--json', 'one JSON object: {"calls", "denied", "unused"}')
    .option('--record <file>', 'also write every evaluated access with its verdict to a file')
    .addOption(
      new Option('--generation <name>', 'only the story of one generation').choices(generations),
    )
    .parse()
    .opts<Options>();
  const runs: AuditedRun[] = [];
  for (const generation of generations) {
    if ((options.generation ?? generation) !== generation) continue;
    process.stderr.write(`story of generation ${generation}\n`);
    runs.push(await audited(generation));
    if (options.record !== undefined) await writeFile(options.record, JSON.stringify(runs));
  }
  const report = auditReport(runs);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : renderAudit(runs));
  return report.denied.length === 0 && report.unused.length === 0 ? 0 : 1;
}

async function audited(generation: Generation): Promise<AuditedRun> {
  let output = '';
  const running = await startInNamespace({
    program: 'local/audit/inside.ts',
    args: [generation],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    patienceSeconds: 30,
    onOutput: (text) => {
      output += text;
      const lines = text.split('\n').filter((line) => !line.startsWith('{') && line !== '');
      if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
    },
  });
  const { exitCode } = await running.exited;
  const line = /^\{"event":"audited".*$/m.exec(output)?.[0];
  if (line === undefined) {
    throw new Error(`the story ended with ${exitCode}:\n${output.slice(-4000)}`);
  }
  const { storyOk, run } = JSON.parse(line) as { storyOk: boolean; run: AuditedRun };
  if (!storyOk) throw new Error(`the story of generation ${generation} did not end well`);
  return run;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof NeedsRootError ? 1 : 2);
  },
);
