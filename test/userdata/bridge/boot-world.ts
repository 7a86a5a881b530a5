/**
 * Runs inside the cloud's namespaces for the tests: real machines, the real package repository, the
 * AWS CLI talking to a parameter store of two calls, and what a bridge sees of EC2 and Prosody.
 * Driven over HTTP (port 9000) by `boot-client.ts`.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { buildRepository } from '../../../local/jitsi/packages/repository';
import { serveRepository } from '../../../local/jitsi/packages/server';
import { SandboxHost } from '../../../local/machines/sandbox-host';
import { ProsodyServer } from '../../local/jitsi/prosody-server';
import type { BootCall, SecretRead } from './boot-client';
import { FakeComponentPort } from './fake-component-port';
import { FakeMetadata } from './fake-metadata';

const gateway = '10.213.0.1';
const secrets = new Map<string, string>();
const secretReads: SecretRead[] = [];
const poweredOff: string[] = [];

const metadata = new FakeMetadata();
const components = new FakeComponentPort((jid) => {
  const id = jid.replace(/^jvb-/, 'i-').replace(/\..*$/, '');
  return secrets.get(`/jitsi-bridges/local/bridges/${id}/secret`);
});
const host = new SandboxHost({
  rootFileSystem: process.env['BRIDGES_TEST_ROOTFS'] ?? '.local/cache/rootfs-bookworm',
  scratch: '.local/run',
  environment: {
    AWS_ENDPOINT_URL: `http://${gateway}:4566`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  },
});
host.onPowerOff((instanceId) => poweredOff.push(instanceId));

/** Bridges find it where Server A is. */
async function startProsody(user: string, password: string): Promise<void> {
  const prosody = await ProsodyServer.create({ bridges: [], passwords: { [user]: password } });
  createTcpServer((client) => {
    const server = connect(prosody.clientPort, '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) socket.on('error', () => client.destroy());
  }).listen(5222, gateway);
  const certificate = { fingerprint: 'not looked at', pem: prosody.authCertificate };
  secrets.set('/jitsi-bridges/local/server/certificate', JSON.stringify(certificate));
}

const measured: Record<string, string>[] = [];

/** `PutMetricData` of CloudWatch's query protocol, or `GetParameter` of SSM's JSON. */
async function cloud(request: IncomingMessage): Promise<{ status: number; body: object }> {
  const body = await text(request);
  const form = Object.fromEntries(new URLSearchParams(body));
  if (form['Action'] === undefined) return parameterStore(body);
  measured.push(form);
  return { status: 200, body: {} };
}

function parameterStore(body: string): { status: number; body: object } {
  const { Name, WithDecryption } = JSON.parse(body) as Record<string, unknown>;
  const name = String(Name);
  const secret = secrets.get(name);
  secretReads.push({ at: Date.now(), name, found: secret !== undefined });
  if (secret === undefined || WithDecryption !== true) {
    return { status: 400, body: { __type: 'ParameterNotFound', message: '' } };
  }
  return { status: 200, body: { Parameter: { Name: name, Type: 'SecureString', Value: secret } } };
}

async function answer(call: BootCall, fingerprint: string): Promise<unknown> {
  switch (call.method) {
    case 'fingerprint':
      return fingerprint;
    case 'launch': {
      const { instanceId, privateIpAddress } = call.spec;
      const values = new Map(Object.entries(call.metadata));
      values.set('instance-id', instanceId).set('local-ipv4', privateIpAddress);
      metadata.values.set(privateIpAddress, values);
      return host.launch(call.spec);
    }
    case 'putSecret':
      return void secrets.set(call.name, call.value);
    case 'startProsody':
      return startProsody(call.user, call.password);
    case 'tag':
      return void metadata.values.get(call.address)?.set(`tags/instance/${call.key}`, call.value);
    case 'run':
      return host.run(call.request);
    case 'terminate':
      return host.terminate(call.instanceId);
    case 'observe':
      return {
        console: host.consoleOutput(call.instanceId),
        poweredOff: poweredOff.includes(call.instanceId),
        secretReads,
        measured,
        knocks: components.knocks,
        refusedMetadata: metadata.refused,
      };
  }
}

async function main(): Promise<void> {
  const repository = await buildRepository('.local/cache/packages');
  await serveRepository({ directory: repository.directory, host: gateway, port: 8090 });
  metadata.serve().listen(80, '169.254.169.254');
  components.serve().listen(5347, gateway);
  createServer((request, response) => {
    void cloud(request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(Object.keys(body).length === 0 ? '<Response/>' : JSON.stringify(body));
    });
  }).listen(4566, gateway);
  createServer((request, response) => {
    void text(request)
      .then((body) => answer(JSON.parse(body) as BootCall, repository.fingerprint))
      .then(
        (value) => response.end(JSON.stringify({ value })),
        (error: unknown) => response.end(JSON.stringify({ error: String(error) })),
      );
  }).listen(9000, '127.0.0.1');
}

process.on('SIGTERM', () => process.exit(0));
void main();
