/**
 * Runs inside the cloud's namespaces for the tests: a SandboxHost that is driven over HTTP (port
 * 9000), and a web server at the metadata service's address that answers with the caller's
 * address.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { SandboxHost } from '../../../local/machines/sandbox-host';
import type { SandboxCall, SandboxReply } from './sandbox-client';

const poweredOff: string[] = [];
const host = new SandboxHost({
  rootFileSystem: process.env['BRIDGES_TEST_ROOTFS'] ?? '.local/cache/rootfs-bookworm',
  scratch: '.local/run',
  environment: { AWS_ENDPOINT_URL: 'http://10.213.0.1:4566', AWS_REGION: 'us-east-1' },
  hosts: { 'meet.test': '10.213.0.10' },
});
host.onPowerOff((instanceId) => poweredOff.push(instanceId));

async function answer(call: SandboxCall): Promise<unknown> {
  switch (call.method) {
    case 'launch':
      return host.launch(call.spec);
    case 'run':
      return host.run(call.request);
    case 'terminate':
      return host.terminate(call.instanceId);
    case 'consoleOutput':
      return host.consoleOutput(call.instanceId);
    case 'poweredOff':
      return poweredOff;
  }
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = JSON.parse(await text(request)) as SandboxCall;
  const reply: SandboxReply = await answer(call).then(
    (value) => ({ value }),
    (error: unknown) => ({ error: String(error) }),
  );
  response.end(JSON.stringify(reply));
}

createServer((request, response) => void handle(request, response)).listen(9000, '127.0.0.1');
createServer((request, response) => {
  response.end(`you are ${request.socket.remoteAddress ?? 'nobody'}\n`);
}).listen(80, '169.254.169.254');

process.on('SIGTERM', () => process.exit(0));
