import { eventually } from '../../eventually';
import { SandboxClient } from './sandbox-client';

const first = { instanceId: 'i-00000001', privateIpAddress: '10.213.1.1' };
const second = { instanceId: 'i-00000002', privateIpAddress: '10.213.2.2' };

const reportingUserData = `#!/bin/bash
echo "I am $(id -un) on $(hostname), pid 1 is $(ps -p 1 -o args=)"
echo "home=\${HOME-unset} endpoint=$AWS_ENDPOINT_URL region=$AWS_REGION"
echo done > /root/done
echo trouble >&2
`;

describe('SandboxHost', () => {
  let cloud: SandboxClient;

  beforeAll(async () => {
    cloud = await SandboxClient.start();
    await cloud.launch({ ...first, userData: reportingUserData });
    await cloud.launch(second);
  });

  afterAll(async () => {
    await cloud.namespace.stop();
  });

  it('runs user data as root and shows what it writes on the console', async () => {
    await eventually(async () =>
      (await cloud.consoleOutput(first.instanceId)).includes('finished'),
    );
    expect(await cloud.consoleOutput(first.instanceId)).toBe(
      [
        'I am root on ip-10-213-1-1, pid 1 is /bin/bash /usr/lib/machine/init',
        'home=unset endpoint=http://10.213.0.1:4566 region=us-east-1',
        'trouble',
        'cloud-init: user data finished',
        '',
      ].join('\n'),
    );
  });

  it('gives each machine a disk of its own', async () => {
    expect(await cloud.run(first.instanceId, 'cat /root/done')).toMatchObject({ stdout: 'done\n' });
    expect(await cloud.run(second.instanceId, 'ls -A /root/done')).toMatchObject({ exitCode: 2 });
  });

  it('connects machines to each other and to the metadata service, by their own addresses', async () => {
    const ping = `exec 3<>/dev/tcp/${second.privateIpAddress}/7777 && cat <&3`;
    await cloud.run(second.instanceId, `(echo hello | nc -l -N 7777 &>/dev/null &) ; sleep 0.2`);
    expect(await cloud.run(first.instanceId, ping)).toMatchObject({ stdout: 'hello\n' });
    for (const { instanceId, privateIpAddress } of [first, second]) {
      expect(await cloud.run(instanceId, 'curl -s http://169.254.169.254/')).toMatchObject({
        stdout: `you are ${privateIpAddress}\n`,
      });
    }
  });

  it('knows names from /etc/hosts and has no other network', async () => {
    const { stdout } = await cloud.run(first.instanceId, 'getent hosts meet.test; ls /.host 2>&1');
    expect(stdout).toBe(
      "10.213.0.10     meet.test\nls: cannot access '/.host': No such file or directory\n",
    );
    const away = await cloud.run(first.instanceId, 'curl -s --max-time 3 http://192.0.2.1/');
    expect(away.exitCode).not.toBe(0);
  });

  it("runs Node from the host's binary", async () => {
    const script = `/opt/local/node -p 'process.version'; touch /opt/local/node`;
    const { stdout, exitCode } = await cloud.run(first.instanceId, script);
    expect(stdout).toBe(`${process.version}\n`);
    expect(exitCode).toBe(1);
  });

  it('returns output and exit code of a command, and gives it the documented environment', async () => {
    const script = 'echo out; echo err >&2; echo "$HOME $AWS_REGION" >&2; read -r line; exit 7';
    expect(await cloud.run(first.instanceId, script)).toEqual({
      exitCode: 7,
      stdout: 'out\n',
      stderr: 'err\n/root us-east-1\n',
    });
  });

  it('kills a command and its children when the time is up', async () => {
    const result = await cloud.run(first.instanceId, 'echo begun; sleep 4321 & sleep 4322', 1);
    expect(result).toEqual({ exitCode: 124, stdout: 'begun\n', stderr: '' });
    expect(await cloud.run(first.instanceId, 'pgrep -f "sleep 432[12]"')).toMatchObject({
      exitCode: 1,
    });
  });

  it('keeps at most 1 MB of the output', async () => {
    const { stdout, exitCode } = await cloud.run(
      first.instanceId,
      'head -c 3000000 /dev/zero | tr "\\0" x',
    );
    expect([stdout.length, exitCode]).toEqual([1024 * 1024, 0]);
  });

  it('refuses a command for a machine that is not there', async () => {
    await expect(cloud.run('i-0000000f', 'true')).rejects.toThrow('i-0000000f is not running');
  });

  it('tells when a machine powers itself off, and keeps its console', async () => {
    const instanceId = 'i-00000003';
    const userData = '#!/bin/bash\necho "cannot go on" >/dev/console\nshutdown -h now\nsleep 100\n';
    await cloud.launch({ instanceId, privateIpAddress: '10.213.1.3', userData });
    await eventually(async () => (await cloud.poweredOff()).includes(instanceId));
    expect(await cloud.consoleOutput(instanceId)).toContain('cannot go on\nPowering off.\n');
    await expect(cloud.run(instanceId, 'true')).rejects.toThrow('not running');
    await cloud.terminate(instanceId);
  });

  it('terminates: gone from the network at once, and as often as asked; the address is free again', async () => {
    const spec = { privateIpAddress: '10.213.1.4', userData: '#!/bin/bash\nsleep 1000\n' };
    const knock = `ping() { timeout 1 bash -c 'exec 3<>/dev/tcp/10.213.1.4/9' 2>&1; }; ping`;
    await cloud.launch({ instanceId: 'i-00000004', ...spec });
    expect((await cloud.run(first.instanceId, knock)).stdout).toContain('Connection refused');
    await cloud.terminate('i-00000004');
    await cloud.terminate('i-00000004');
    expect((await cloud.run(first.instanceId, knock)).stdout).not.toContain('Connection refused');
    await cloud.launch({ instanceId: 'i-00000005', ...spec });
    expect((await cloud.run(first.instanceId, knock)).stdout).toContain('Connection refused');
    await cloud.terminate('i-00000005');
    expect(await cloud.poweredOff()).not.toContain('i-00000004');
  });

  it('launches twenty machines in seconds', async () => {
    const ids = Array.from(
      { length: 20 },
      (_, index) => `i-000001${String(index).padStart(2, '0')}`,
    );
    const began = Date.now();
    await Promise.all(
      ids.map((instanceId, index) =>
        cloud.launch({ instanceId, privateIpAddress: `10.213.2.${100 + index}` }),
      ),
    );
    const seconds = (Date.now() - began) / 1000;
    console.info(`20 machines launched in ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(20);
    await Promise.all(ids.map((instanceId) => cloud.terminate(instanceId)));
  });
});
