import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../eventually';
import { startInNamespace, type RunningNamespace } from '../../../local/namespace/launcher';

const program = 'test/local/namespace/lingering-program.ts';
const target = { host: '127.0.0.1', port: 9000 };

/**
 * Seconds to sleep that no other process on this machine asks for: finds the program's leftovers.
 */
let marker = 0;
const nextMarker = (): string => `${90_000 + process.pid}.${(marker += 1)}`;

function processesWith(text: string): string[] {
  const read = (pid: string): string => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(read)
    .filter((commandLine) => commandLine.includes(text));
}

/** What this test's own process must not have got, and nobody may find afterwards. */
function leftovers(sleeper: string): string[] {
  return [
    ...processesWith(sleeper),
    ...readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter((line) => /left-behind|\.local\/run/.test(line)),
    ...readdirSync('/sys/class/net').filter((name) => name === 'vpc0'),
    ...readdirSync('.local/run'),
  ];
}

function socketDirectories(pid: number | undefined): string[] {
  return readdirSync('.local/sock').filter((name) => name.startsWith(`${pid ?? 'none'}-`));
}

async function echo(port: number, message: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.end(message);
  return text(socket).catch(() => '');
}

beforeAll(() => mkdirSync('.local/run', { recursive: true }));

describe('startInNamespace', () => {
  let running: RunningNamespace | undefined;
  afterEach(async () => {
    running?.kill();
    await running?.exited;
  });

  async function start(sleeper: string, ...args: string[]): Promise<() => string> {
    let output = '';
    running = await startInNamespace({
      program,
      args: [sleeper, ...args],
      forwards: [{ name: 'echo', target }],
      onOutput: (chunk) => (output += chunk),
      patienceSeconds: 1,
    });
    return () => output;
  }
  const port = (): number => running?.ports.get('echo') ?? 0;

  it('forwards a port into the namespaces, and tells the program which', async () => {
    const output = await start(nextMarker());
    await eventually(async () => (await echo(port(), 'hello')) === 'hello');
    expect(output()).toContain(`port outside ${port()}\n`);
    const large = 'x'.repeat(2_000_000);
    expect((await echo(port(), large)).length).toBe(large.length);
  });

  it('stops the program by SIGTERM, returns its exit code, and leaves nothing', async () => {
    const sleeper = nextMarker();
    await start(sleeper);
    await eventually(async () => (await echo(port(), 'hello')) === 'hello');
    expect(processesWith(`sleep ${sleeper}`)).toHaveLength(1);
    expect(await running?.stop()).toEqual({ exitCode: 7 });
    expect(leftovers(sleeper)).toEqual([]);
    expect(socketDirectories(process.pid)).toEqual([]);
    expect(await echo(port(), 'hello')).toBe('');
  });

  it('kills a program that does not end in time', async () => {
    const sleeper = nextMarker();
    await start(sleeper, '--stubborn');
    await eventually(async () => (await echo(port(), 'hello')) === 'hello');
    expect(await running?.stop()).toEqual({ exitCode: 137 });
    expect(leftovers(sleeper)).toEqual([]);
  });

  it('takes a free port when the wanted one is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    running = await startInNamespace({
      program,
      args: [nextMarker()],
      forwards: [{ name: 'echo', port: taken, target }],
      onOutput: () => undefined,
    });
    expect(port()).not.toBe(taken);
    await eventually(async () => (await echo(port(), 'hello')) === 'hello');
    other.close();
  });
});

describe('launch', () => {
  let launcher: ChildProcess | undefined;
  afterEach(() => launcher?.kill('SIGKILL'));

  async function launch(sleeper: string): Promise<ChildProcess> {
    const args = ['--import', 'tsx', 'local/namespace/launch.ts'];
    launcher = spawn(
      process.execPath,
      [...args, '--forward', 'echo=0:127.0.0.1:9000', program, sleeper],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    launcher.stdout?.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await eventually(() => output.includes('vpc'));
    return launcher;
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends the program on %s and exits with its code',
    async (signal) => {
      const sleeper = nextMarker();
      const child = await launch(sleeper);
      await sleep(200);
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([7, null]);
      expect(leftovers(sleeper)).toEqual([]);
    },
  );

  it('leaves nothing when it is killed, and the next start removes its sockets', async () => {
    const sleeper = nextMarker();
    const child = await launch(sleeper);
    expect(socketDirectories(child.pid)).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually(() => leftovers(sleeper).length === 0);
    expect(socketDirectories(child.pid)).toHaveLength(1);
    const next = await launch(nextMarker());
    expect(socketDirectories(child.pid)).toEqual([]);
    expect(socketDirectories(next.pid)).toHaveLength(1);
  });
});
