import { readFileSync } from 'node:fs';
import { BootClient } from '../../../userdata/bridge/boot-client';

const server = { instanceId: 'i-0a0a0a0a0a0a0a0a0', privateIpAddress: '10.213.0.10' };
const install = readFileSync('local/jitsi/packages/install.sh', 'utf8');

describe('both packages on one server', () => {
  let world: BootClient;
  const run = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await world.run(server.instanceId, script);
    if (exitCode !== 0) throw new Error(`exit ${exitCode} of: ${script}\n${stdout}${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    world = await BootClient.start();
    await world.launch({ ...server, userData: '' }, {});
    const fingerprint = await world.fingerprint();
    await run(
      `set -- http://10.213.0.1:8090 ${fingerprint} meet.test jitsi-videobridge=1126-1 jicofo=1.0-567-1\n${install}`,
    );
  });

  afterAll(async () => {
    await world.namespace.stop();
  });

  test.each([
    ['jitsi-videobridge', '1126-1'],
    ['jicofo', '1.0-567-1'],
  ])('%s is installed, held and not started', async (name, version) => {
    expect(await run(`dpkg-query -W -f '\${Version} \${Status}' ${name}`)).toBe(
      `${version} hold ok installed`,
    );
    expect(await run(`systemctl is-active ${name} || true`)).toBe('inactive\n');
  });

  test('each has its own user in the common group, and files that others cannot read', async () => {
    expect(await run('id -nG jvb; id -nG jicofo')).toBe('jitsi\njitsi\n');
    expect(await run('cd /etc/jitsi && stat -c "%n %U:%G %a" */config')).toBe(
      'jicofo/config jicofo:jitsi 640\nvideobridge/config jvb:jitsi 640\n',
    );
    expect(await run('stat -c "%n %U" /var/log/jitsi/*.log')).toBe(
      '/var/log/jitsi/jicofo.log jicofo\n/var/log/jitsi/jvb.log jvb\n',
    );
  });

  test('the settings are those of the domain, with secrets made here', async () => {
    const bridge = await run('grep -v "^#" /etc/jitsi/videobridge/config');
    expect(bridge).toContain('JVB_HOSTNAME=meet.test\n');
    expect(bridge).toMatch(/^JVB_SECRET=[A-Za-z0-9@#]{8}$/m);
    const focus = await run('grep -v "^#" /etc/jitsi/jicofo/config');
    expect(focus).toContain('JICOFO_HOSTNAME=meet.test\n');
    expect(focus).toContain('JICOFO_AUTH_DOMAIN=auth.meet.test\nJICOFO_AUTH_USER=focus\n');
    expect(focus).toMatch(/^JICOFO_SECRET=[A-Za-z0-9@#]{8}$/m);
    expect(focus).toMatch(/^JICOFO_AUTH_PASSWORD=[A-Za-z0-9@#]{8}$/m);
  });

  test('other packages find the secret of the bridge in debconf', async () => {
    const file = await run('sed -n "s/^JVB_SECRET=//p" /etc/jitsi/videobridge/config');
    const debconf = `echo 'get jitsi-videobridge/jvbsecret' | debconf-communicate`;
    expect(await run(debconf)).toBe(`0 ${file}`);
  });

  test('configuring again keeps the files as the operator left them', async () => {
    await run('echo "# by hand" >>/etc/jitsi/videobridge/config');
    const before = await run('sha256sum /etc/jitsi/*/*');
    await run('DEBIAN_FRONTEND=noninteractive dpkg-reconfigure jitsi-videobridge jicofo');
    expect(await run('sha256sum /etc/jitsi/*/*')).toBe(before);
  });

  test('another domain makes the settings of the bridge anew and keeps its secret, as Jitsi does', async () => {
    const secret = await run('grep ^JVB_SECRET= /etc/jitsi/videobridge/config');
    await run(
      `echo 'jitsi-videobridge jitsi-videobridge/jvb-hostname string other.test' | debconf-set-selections
       sed -i 's/^JVB_OPTS=.*/JVB_OPTS="--apis=rest"/' /etc/jitsi/videobridge/config
       DEBIAN_FRONTEND=noninteractive dpkg-reconfigure jitsi-videobridge`,
    );
    const config = await run('cat /etc/jitsi/videobridge/config');
    expect(config).toContain('JVB_HOSTNAME=other.test\n');
    expect(config).toContain('JVB_OPTS=""\n');
    expect(config).toContain(secret);
  });
});
