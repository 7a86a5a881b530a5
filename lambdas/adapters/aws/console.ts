import { GetConsoleOutputCommand, type EC2Client } from '@aws-sdk/client-ec2';

/** Most that is taken of a console: it is told to operators, and the memory has little room. */
const keptLines = 5;
const keptCharacters = 160;

/** What boot.sh writes before each of its lines, and before the line that tells a failure. */
const mark = 'jitsi-bridges: ';
const failure = `${mark}FAILED `;

/**
 * The last words of an instance's boot, also for about an hour after its end: its failure and what
 * came last before it, else its last lines. Whoever owns the instance may write there what they
 * like: only printable ASCII is taken, and little of it. Empty when EC2 has nothing (yet).
 */
export async function lastWords(client: EC2Client, instanceId: string): Promise<readonly string[]> {
  const lines = (await consoleText(client, instanceId))
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[^\x20-\x7e]/g, '').trim())
    .filter((line) => line !== '');
  const ours = lines.flatMap((line) =>
    line.includes(mark) ? [line.slice(line.indexOf(mark))] : [],
  );
  const failedAt = ours.findLastIndex((line) => line.startsWith(failure));
  const told =
    failedAt >= 0
      ? [ours[failedAt] ?? '', ...ours.slice(failedAt + 1).slice(1 - keptLines)]
      : (ours.length > 0 ? ours : lines).slice(-keptLines);
  return told.map((line) => line.replace(mark, '').slice(0, keptCharacters));
}

/**
 * The newest text where the instance type offers it; other types post theirs some minutes later.
 */
async function consoleText(client: EC2Client, instanceId: string): Promise<string> {
  const read = async (latest: { Latest?: true }) => {
    const { Output = '' } = await client.send(
      new GetConsoleOutputCommand({ InstanceId: instanceId, ...latest }),
    );
    return Buffer.from(Output, 'base64').toString('latin1');
  };
  try {
    return await read({ Latest: true });
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidInstanceID.NotFound') return '';
    return read({});
  }
}
