import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * Name of the Lambda function whose process holds the client's side of a local TCP connection, or
 * undefined. The emulator runs functions as processes of the same machine but gives all of them one
 * access key, so the connection is the only thing that tells them apart. Linux only; needs root for
 * other users' processes.
 */
export async function lambdaOfConnection(
  clientPort: number,
  serverPort: number,
): Promise<string | undefined> {
  const inode = await inodeOf(clientPort, serverPort);
  if (inode === undefined) return undefined;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids.reverse()) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    const name = /(?:^|\0)AWS_LAMBDA_FUNCTION_NAME=([^\0]+)/.exec(environment)?.[1];
    if (name !== undefined && (await holds(pid, inode))) return name;
  }
  return undefined;
}

async function inodeOf(clientPort: number, serverPort: number): Promise<string | undefined> {
  const ending = (port: number): string => `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const lines = (await readFile(table, 'latin1').catch(() => '')).split('\n');
    for (const line of lines) {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
      if (local?.endsWith(ending(clientPort)) && remote?.endsWith(ending(serverPort))) return inode;
    }
  }
  return undefined;
}

async function holds(pid: string, inode: string): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(directory).catch(() => [])).map((fd) =>
      readlink(`${directory}/${fd}`).catch(() => ''),
    ),
  );
  return links.includes(`socket:[${inode}]`);
}
