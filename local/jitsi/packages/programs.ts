import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

/**
 * Runs a program without a shell; the output is its standard output. Rejects with its standard
 * error when it fails.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly directory?: string } = {},
): Promise<string> {
  const { stdout } = await runFile(program, [...args], {
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    timeout: 120_000,
  });
  return stdout;
}
