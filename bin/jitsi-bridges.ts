import { addBakeCommand } from '../cli/bake/command';
import { explainError } from '../cli/explain-error';
import { bridgesProgram } from '../cli/program';
import { addSimulateCommand } from '../cli/simulate/command';
import { version } from '../package.json';

const output = {
  write: (text: string): void => void process.stdout.write(text),
  writeError: (text: string): void => void process.stderr.write(text),
  setExitCode: (code: number): void => {
    process.exitCode = code;
  },
};

/**
 * `npx jitsi-bridges`: the operator's command line. Exit code 0 done, 1 rejected or failed, 2
 * wrong usage. What only one command needs is loaded by that command: AWS's clients, the simulator
 * and the config's schema are most of the program, and none is needed for `--help`.
 */
export function run(): void {
  const program = bridgesProgram({
    ...output,
    version,
    invoke: async (event, target) => {
      const { invokeTarget } = await import('./invoke-target');
      return invokeTarget(event, target);
    },
    colour: process.stdout.isTTY && !process.env['NO_COLOR'],
    progress: process.stderr.isTTY,
  });
  addSimulateCommand(program, async () => {
    const sources = await import('./simulation-sources');
    return { ...output, ...sources, now: () => Date.now() / 1000 };
  });
  addBakeCommand(program, async () => {
    const { bakePorts } = await import('./bake-ports');
    return { ...output, ...bakePorts(output.writeError) };
  });
  for (const command of [program, ...program.commands])
    command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  void program.parseAsync(process.argv).catch((error: unknown) => {
    output.writeError(`jitsi-bridges: ${explainError(error)}\n`);
    output.setExitCode(1);
  });
}
