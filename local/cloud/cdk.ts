import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { apiUrl, awsEnvironment, cloud, stackName } from './addresses';

const projectRoot = resolve(__dirname, '../..');
const keptOutput = 60;

/** Thrown when the CDK command line ends with an error; carries its last lines. */
export class CdkFailed extends Error {
  override readonly name = 'CdkFailed';
}

/** Outputs of the stack, by the end of their names (`ScalerFunctionName`, …). */
export interface StackOutputs {
  /** @throws CdkFailed when the stack has no such output */
  get(name: string): string;
  readonly all: Readonly<Record<string, string>>;
}

/**
 * The real `cdk bootstrap` and `cdk deploy` of the real app, as an operator calls them; only the
 * endpoint says that it is not AWS.
 *
 * @param config path of the fleet's config file
 * @param scratch folder for the assembly and the outputs
 */
export async function deployWithCdk(
  config: string,
  scratch: string,
  progress: (line: string) => void,
): Promise<StackOutputs> {
  const assembly = join(scratch, 'cdk.out');
  const outputsFile = join(scratch, 'outputs.json');
  await cdk(['bootstrap', `aws://${cloud.account}/${cloud.region}`, '--app', ''], progress);
  await cdk(
    [
      'deploy',
      stackName,
      '-c',
      `config=${config}`,
      '--require-approval',
      'never',
      '--output',
      assembly,
      '--outputs-file',
      outputsFile,
    ],
    progress,
  );
  const outputs = JSON.parse(await readFile(outputsFile, 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  return outputsOf(outputs[stackName] ?? {});
}

/** The real `cdk destroy`; resolves when CloudFormation says that the stack is gone. */
export async function destroyWithCdk(
  config: string,
  scratch: string,
  progress: (line: string) => void,
): Promise<void> {
  const assembly = join(scratch, 'cdk.out');
  const args = ['destroy', stackName, '-c', `config=${config}`, '--force', '--output', assembly];
  await cdk(args, progress);
}

function outputsOf(all: Readonly<Record<string, string>>): StackOutputs {
  return {
    all,
    get(name) {
      const key = Object.keys(all).find((candidate) => candidate.endsWith(name));
      const value = key === undefined ? undefined : all[key];
      if (value === undefined) {
        throw new CdkFailed(`the stack has no output ${name}, only ${Object.keys(all).join(', ')}`);
      }
      return value;
    },
  };
}

async function cdk(args: readonly string[], progress: (line: string) => void): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'node_modules/aws-cdk/bin/cdk'), '--no-color', '--ci', ...args],
    {
      cwd: projectRoot,
      env: { ...process.env, ...awsEnvironment(apiUrl), CDK_DISABLE_CLI_TELEMETRY: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const take = (data: Buffer): void => {
    for (const line of data.toString('utf8').split('\n').filter(Boolean)) {
      lines.push(line);
      if (lines.length > keptOutput) lines.shift();
      progress(line);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  if (exitCode !== 0) {
    throw new CdkFailed(
      `cdk ${args[0] ?? ''} ended with ${String(exitCode)}:\n${lines.join('\n')}`,
    );
  }
}
