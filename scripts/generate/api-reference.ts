import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** docs/api.md: what the package exports, out of its types and doc comments. Takes some seconds. */
export function apiReference(): string {
  const folder = mkdtempSync(join(tmpdir(), 'api-reference-'));
  try {
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/typedoc/bin/typedoc'),
        ...['--options', join(__dirname, 'typedoc.json'), '--out', folder],
        // What it warns of is to be mended, like an error.
        ...['--logLevel', 'Warn', '--treatWarningsAsErrors'],
      ],
      { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return readFileSync(join(folder, 'api.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
