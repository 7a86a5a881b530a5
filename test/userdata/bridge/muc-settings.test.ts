import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificatePem } from '../../../lambdas/adapters/aws/server-certificate';
import { selfSigned } from '../../lambdas/adapters/aws/certificate';
import { parseHocon, hoconAt } from '../../../local/jitsi/hocon';

const secret = 'Zq7'.repeat(12);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridges-muc-'));
  // The account jvb is the package's.
  writeFileSync(join(folder, 'chown'), '#!/bin/sh\n');
  chmodSync(join(folder, 'chown'), 0o755);
  writeFileSync(join(folder, 'config'), 'LOG=mine\nJAVA_SYS_PROPS="-Dconfig.file=/else"\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs functions of `muc.bash` with the settings of a fleet; the bridge's folder is a temporary
 * one.
 */
function run(script: string, input = '', given: Readonly<Record<string, string>> = {}): void {
  const text = `set -euo pipefail
    here=userdata/bridge; . "$here/common.bash"; etc=${folder}; . "$here/muc.bash"; ${script}`;
  execFileSync('bash', ['-c', text], {
    input,
    env: {
      HOME: folder,
      PATH: `${folder}:${process.env['PATH'] ?? ''}`,
      BRIDGES_GENERATION: 'muc',
      BRIDGES_DOMAIN: 'meet.test',
      BRIDGES_SERVER_ADDRESS: '10.213.0.10',
      BRIDGES_BREWERY: 'JvbBrewery@internal.auth.meet.test',
      ...given,
    },
  });
}

const settings = () => parseHocon(readFileSync(join(folder, 'jvb.conf'), 'utf8'));
const login = () =>
  hoconAt(settings(), ['videobridge', 'apis', 'xmpp-client', 'configs', 'jitsi-bridges']);

test('it logs in as the account of its instance, over TLS that is verified, and joins the brewery under its name', () => {
  run('configure_login i-0123456789abcdef1 10.213.1.21 203.0.113.7; put_secret', `${secret}\n`);
  expect(login()).toEqual({
    HOSTNAME: '10.213.0.10',
    PORT: '5222',
    DOMAIN: 'auth.meet.test',
    USERNAME: 'jvb-0123456789abcdef1',
    PASSWORD: secret,
    MUC_JIDS: 'JvbBrewery@internal.auth.meet.test',
    MUC_NICKNAME: 'jvb-0123456789abcdef1',
    SECURITY_MODE: 'required',
    DISABLE_CERTIFICATE_VERIFICATION: 'false',
  });
});

const docker = { BRIDGES_SERVER_KIND: 'docker', BRIDGES_DOMAIN: '', BRIDGES_BREWERY: '' };
const serverSays = (names: object) => `parameter() { echo '${JSON.stringify(names)}'; }`;

test('it logs in to the host, and joins the room, that were found on a server of containers', () => {
  const names = { authHost: 'auth.meet.jitsi', brewery: 'jvbbrewery@internal-muc.meet.jitsi' };
  run(
    `${serverSays(names)}; configure_login i-0123456789abcdef1 10.213.1.21; fetch_names 1; put_secret`,
    `${secret}\n`,
    docker,
  );
  expect(login()).toMatchObject({
    DOMAIN: names.authHost,
    MUC_JIDS: names.brewery,
    PASSWORD: secret,
    HOSTNAME: '10.213.0.10',
  });
});

test.each([
  [{ authHost: 'auth.meet.jitsi" x = "', brewery: 'jvbbrewery@internal-muc.meet.jitsi' }],
  [{ authHost: 'auth.meet.jitsi', brewery: 'jvbbrewery' }],
  [{ authHost: 'auth.meet.jitsi' }],
])('it writes no names that are none: %j', (names) => {
  const script = `${serverSays(names)}; configure_login i-0123456789abcdef1 10.213.1.21; fetch_names 1`;
  expect(() => run(script, '', docker)).toThrow();
  expect(login()).toMatchObject({ DOMAIN: '', MUC_JIDS: '' });
});

test.each([
  [
    'both addresses of the instance, asking nobody',
    '203.0.113.7',
    [{ 'local-address': '10.213.1.21', 'public-address': '203.0.113.7', name: 'ec2' }],
  ],
  ['its private address alone when it has no other', '', []],
])('it announces %s', (_name, publicAddress, mappings) => {
  run(`configure_login i-0123456789abcdef1 10.213.1.21 "${publicAddress}"`);
  expect(hoconAt(settings(), ['ice4j', 'harvest', 'mapping'])).toEqual({
    aws: { enabled: 'false' },
    stun: { addresses: [] },
    'static-mappings': mappings,
  });
  // Without a public address its health check would fail for good.
  expect(hoconAt(settings(), ['videobridge', 'health', 'require-valid-address'])).toBe(
    String(mappings.length > 0),
  );
});

test('its REST interface answers on loopback only, and takes a shutdown', () => {
  run('configure_login i-0123456789abcdef1 10.213.1.21');
  expect(hoconAt(settings(), ['videobridge', 'http-servers', 'private', 'host'])).toBe('127.0.0.1');
  expect(hoconAt(settings(), ['videobridge', 'apis', 'rest', 'enabled'])).toBe('true');
  expect(hoconAt(settings(), ['videobridge', 'rest', 'shutdown', 'enabled'])).toBe('true');
});

test('a renewed secret takes the place of the old one and changes nothing else', () => {
  run('configure_login i-0123456789abcdef1 10.213.1.21; put_secret', `${secret}\n`);
  const before = readFileSync(join(folder, 'jvb.conf'), 'utf8');
  run('put_secret', `${'Yb5'.repeat(12)}\n`);
  expect(readFileSync(join(folder, 'jvb.conf'), 'utf8')).toBe(
    before.replace(secret, 'Yb5'.repeat(12)),
  );
});

test('Java is told of the settings and of the one certificate, in the one line that the package reads', () => {
  run('configure_login i-0123456789abcdef1 10.213.1.21');
  const lines = readFileSync(join(folder, 'config'), 'utf8').split('\n');
  expect(lines[0]).toBe('LOG=mine');
  expect(lines.filter((line) => line.startsWith('JAVA_SYS_PROPS='))).toHaveLength(1);
  expect(lines[1]).toContain(`-Dconfig.file=${folder}/jvb.conf `);
  expect(lines[1]).toContain(`-Djavax.net.ssl.trustStore=${folder}/jitsi-bridges-trust.p12 `);
});

test('nobody but the bridge can read its secret', () => {
  run('configure_login i-0123456789abcdef1 10.213.1.21; put_secret', `${secret}\n`);
  expect(statSync(join(folder, 'jvb.conf')).mode & 0o777).toBe(0o640);
});

describe('a certificate that does not fit into its parameter', () => {
  const pem = selfSigned('auth.meet.test');
  const { fingerprint } = certificatePem.parse(pem);
  const program = (name: string, text: string): void => {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  /** What the bridge believes after its server showed `shown` and its parameter has `stored`. */
  const believed = (stored: object, shown: string): string => {
    writeFileSync(join(folder, 'shown'), shown);
    program(
      'openssl',
      `if [[ $1 == s_client ]]; then echo "$@" >${folder}/asked; cat ${folder}/shown
      else PATH=$\{PATH#*:} exec openssl "$@"; fi`,
    );
    program('keytool', 'while [[ $1 != -keystore ]]; do shift; done; cat >"$2"');
    run(
      `${serverSays(stored)}; configure_login i-0123456789abcdef1 10.213.1.21; trust=${folder}/trust; fetch_trust 1`,
    );
    return readFileSync(join(folder, 'trust'), 'utf8').trim();
  };

  test('is asked of the server, and believed when it has the pinned fingerprint', () => {
    expect(believed({ fingerprint }, pem)).toBe(pem.trim());
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toContain(
      '-starttls xmpp -xmpphost auth.meet.test -connect 10.213.0.10:5222',
    );
  });

  test.each([
    ['another one', selfSigned('auth.meet.test')],
    ['none', ''],
  ])('is not replaced by %s that the server shows', (_name, shown) => {
    expect(() => believed({ fingerprint }, shown)).toThrow();
    expect(existsSync(join(folder, 'trust'))).toBe(false);
  });

  test('is not asked for where it fits', () => {
    expect(believed({ fingerprint, pem }, '')).toBe(pem.trim());
    expect(existsSync(join(folder, 'asked'))).toBe(false);
  });
});
