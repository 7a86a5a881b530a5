import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../eventually';
import { buildJicofo } from '../../../local/jitsi/jicofo/build';
import { buildVideobridge } from '../../../local/jitsi/videobridge/build';
import { FocusClient } from '../../../local/load/focus-client';
import { properties } from './bridge-under-test';
import { domain, focusPassword, freePort, ProsodyServer } from './prosody-server';

let directory: string;
let prosody: ProsodyServer;
const running: ChildProcess[] = [];

function run(program: string, args: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn('timeout', ['60', process.execPath, program, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  running.push(child);
  return child;
}

function writeProperties(name: string, values: ReadonlyMap<string, string>): void {
  mkdirSync(join(directory, name), { recursive: true });
  const lines = [...values].map(([key, value]) => `${key}=${value.replaceAll('\\', '\\\\')}\n`);
  writeFileSync(join(directory, name, 'sip-communicator.properties'), lines.join(''));
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stand-ins-'));
  prosody = await ProsodyServer.create({ bridges: ['jvb-a'] });
  await buildVideobridge(join(directory, 'jvb.js'));
  await buildJicofo(join(directory, 'jicofo.js'));
});

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await prosody.remove();
  rmSync(directory, { recursive: true, force: true });
});

test('the bundled programs find each other as the packages start them, and the bridge ends in good order', async () => {
  const controlPort = await freePort();
  writeProperties('videobridge', properties);
  writeProperties(
    'jicofo',
    new Map([
      ['org.jitsi.focus.pubsub.ADDRESS', domain],
      ['org.jitsi.jicofo.STATS_PUBSUB_NODE', 'sharedStatsNode'],
      ['org.jitsi.jicofo.MAX_STATS_REPORT_AGE', '2000'],
      ['local.jicofo.CONTROL_PORT', String(controlPort)],
      ['local.jicofo.XMPP_PORT', String(prosody.clientPort)],
    ]),
  );
  writeFileSync(
    join(directory, 'jicofo/config'),
    `# settings\nJICOFO_HOST=127.0.0.1\nJICOFO_HOSTNAME=${domain}\nJICOFO_AUTH_PASSWORD=${focusPassword}\nJICOFO_OPTS=""\n`,
  );
  run(join(directory, 'jicofo.js'), [`--config-dir=${directory}/jicofo`]);
  const bridge = run(
    join(directory, 'jvb.js'),
    [
      ...['--host=127.0.0.1', `--domain=${domain}`, `--port=${prosody.componentPort}`],
      ...['--secret=jvb-a-secret', '--subdomain=jvb-a', '--apis=xmpp'],
    ],
    {
      JAVA_SYS_PROPS: `-Dnet.java.sip.communicator.SC_HOME_DIR_LOCATION=${directory} -Dnet.java.sip.communicator.SC_HOME_DIR_NAME=videobridge`,
    },
  );
  const focus = new FocusClient(`http://127.0.0.1:${controlPort}`);
  const bridgeJids = async () =>
    (await focus.stats().catch(() => undefined))?.bridges.map(({ jid }) => jid) ?? [];
  await eventually(async () => (await bridgeJids()).includes('jvb-a.meet.test'));
  expect(await focus.start('room', ['ann'])).toBe(true);

  const exitCode = new Promise((done) => bridge.once('exit', done));
  bridge.kill('SIGTERM');
  expect(await exitCode).toBe(143);
  await eventually(async () => (await bridgeJids()).length === 0);
});
