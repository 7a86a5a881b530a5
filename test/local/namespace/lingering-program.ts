/**
 * Runs inside the namespaces for the launcher's tests: listens on 127.0.0.1:9000 and repeats what
 * it is sent, and leaves behind a mount and a process (`sleep ARGUMENT`) that would outlive it.
 * SIGTERM ends it with exit code 7, `--stubborn` makes it ignore that.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { outsidePorts } from '../../../local/namespace/forwarding';

const [seconds = '1', stubborn] = process.argv.slice(2);
spawn('sleep', [seconds], { detached: true, stdio: 'ignore' }).unref();
execFileSync('mount', ['-t', 'tmpfs', 'left-behind', '.local/run']);
console.log(`port outside ${outsidePorts().get('echo') ?? 'none'}`);
console.log(`vpc ${existsSync('/sys/class/net/vpc0') ? 'shared' : 'private'}`);

const server = createServer((socket) => socket.pipe(socket));
server.listen(9000, '127.0.0.1');
process.on('SIGTERM', () => {
  if (stubborn === undefined) process.exit(7);
});
