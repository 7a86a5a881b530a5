import type { ServerMachine } from './server-machine';

/**
 * The different answers that commands gave, each asked a number of times, in no order: as many as
 * commands where nothing depends on chance. More times by CHECK_RUNS.
 */
export function differentAnswers(
  machine: Pick<ServerMachine, 'run'>,
  commands: readonly string[],
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const times = Number(process.env['CHECK_RUNS'] ?? 5);
  const answers = new Set<string>();
  for (let count = 0; count < times; count += 1) {
    for (const command of commands) answers.add(machine.run(command, '', environment).stdout);
  }
  return [...answers];
}
