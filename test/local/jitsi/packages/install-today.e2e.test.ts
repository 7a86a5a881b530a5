import { readFileSync } from 'node:fs';
import { BootClient } from '../../../userdata/bridge/boot-client';

const server = { instanceId: 'i-0a0a0a0a0a0a0a0a0', privateIpAddress: '10.213.0.10' };
const install = readFileSync('local/jitsi/packages/install.sh', 'utf8');
const rest = readFileSync('local/jitsi/server-a/install-today.sh', 'utf8');
const versions = { 'jitsi-videobridge2': '2.3-307-g4bb0aead1-1', jicofo: '1.0-1195-1' };

describe("today's packages on one server", () => {
  let world: BootClient;
  const run = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await world.run(server.instanceId, script);
    if (exitCode !== 0) throw new Error(`exit ${exitCode} of: ${script}\n${stdout}${stderr}`);
    return stdout;
  };
  const configure = () =>
    run('DEBIAN_FRONTEND=noninteractive dpkg-reconfigure jitsi-videobridge2 jicofo');

  beforeAll(async () => {
    world = await BootClient.start();
    await world.launch({ ...server, userData: '' }, {});
    const wanted = Object.entries(versions).map(([name, version]) => `${name}=${version}`);
    const fingerprint = await world.fingerprint();
    await run(
      `set -- http://10.213.0.1:8090 ${fingerprint} meet.test ${wanted.join(' ')}\n${install}`,
    );
  });

  afterAll(async () => {
    await world.namespace.stop();
  });

  test.each(Object.entries(versions))(
    '%s is installed, held and not started',
    async (name, version) => {
      expect(await run(`dpkg-query -W -f '\${Version} \${Status}' ${name}`)).toBe(
        `${version} hold ok installed`,
      );
      expect(await run(`systemctl is-active ${name} || true`)).toBe('inactive\n');
    },
  );

  test('the bridge logs in with one account for all, whose password debconf keeps', async () => {
    const conf = await run('cat /etc/jitsi/videobridge/jvb.conf');
    expect(conf).toContain('DOMAIN="auth.meet.test"\n');
    expect(conf).toContain('MUC_JIDS="jvbbrewery@internal.auth.meet.test"\n');
    const password = /PASSWORD="([A-Za-z0-9@#]{8})"/.exec(conf)?.[1] ?? '';
    expect(await run(`echo 'get jitsi-videobridge/jvbsecret' | debconf-communicate`)).toBe(
      `0 ${password}\n`,
    );
    expect(await run('stat -c "%U:%G %a" /etc/jitsi/videobridge')).toBe('jvb:jitsi 750\n');
  });

  test('configuring again keeps a jvb.conf, and takes the API switch of old versions out of config', async () => {
    const before = await run('sha256sum /etc/jitsi/*/*.conf /etc/jitsi/*/config');
    await configure();
    expect(await run('sha256sum /etc/jitsi/*/*.conf /etc/jitsi/*/config')).toBe(before);
    await run(`echo 'JVB_OPTS="--apis=rest,xmpp"' >>/etc/jitsi/videobridge/config`);
    await configure();
    expect(await run('cat /etc/jitsi/videobridge/config')).not.toContain('--apis');
  });

  test('the bridges of the two generations do not go together', async () => {
    const wish = 'apt-get -q -y install --allow-change-held-packages --simulate jitsi-videobridge';
    await expect(run(`${wish}=1126-1`)).rejects.toThrow(
      'jitsi-videobridge2 : Conflicts: jitsi-videobridge (<= 1400-1)',
    );
  });

  test('with Prosody as the packages leave it the default bridge serves, and its API is not to be had from outside', async () => {
    await run(`set -- meet.test\n${rest}`);
    await run('systemctl restart prosody && systemctl restart jicofo jitsi-videobridge2');
    const found = await run(`for _ in {1..150}; do
      curl -s 127.0.0.1:8888/stats | jq -e '.bridges[] | select(.operational)' && break
      sleep 0.1
    done`);
    expect(JSON.parse(found)).toMatchObject({ operational: true, participants: 0 });
    expect(await run(`ss -Hltn 'sport = 8080' | awk '{ print $4 }'`)).toBe('127.0.0.1:8080\n');
  });
});
