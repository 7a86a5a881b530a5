import { eventually } from '../../eventually';
import { BootClient } from './boot-client';
import { userDataOf } from './user-data-of';

const bridge = { instanceId: 'i-0123456789abcdef1', privateIpAddress: '10.213.1.21' };
const secretName = `/jitsi-bridges/local/bridges/${bridge.instanceId}/secret`;
const secret = 'Zq7'.repeat(12);
const allStages = [
  'prerequisites',
  'repository',
  'install',
  'configure',
  'registration',
  'secret',
  'start',
];

describe('boot of a bridge', () => {
  let world: BootClient;
  const run = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await world.run(bridge.instanceId, script);
    if (exitCode !== 0) throw new Error(`exit ${exitCode} of: ${script}\n${stdout}${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    world = await BootClient.start();
    const metadata = { 'public-ipv4': '203.0.113.7' };
    await world.launch(
      { ...bridge, userData: userDataOf('component', await world.fingerprint()) },
      metadata,
    );
    await world.console(bridge.instanceId, 'stage configure done');
  });

  afterAll(async () => {
    await world.namespace.stop();
  });

  describe('while it is not registered', () => {
    test('the package is there, pinned, and its service has never run', async () => {
      expect(await run("dpkg-query -W -f '${Version} ${Status}' jitsi-videobridge")).toBe(
        '1126-1 hold ok installed',
      );
      expect(await run('systemctl is-active jitsi-videobridge || true')).toBe('inactive\n');
      expect(await run('cat /var/log/jitsi/jvb.log')).toBe('');
    });

    test('services may start again as the machine likes', async () => {
      expect(await run('ls /usr/sbin/policy-rc.d 2>&1 || true')).toContain('No such file');
    });

    test('nobody has asked for the secret', async () => {
      await run('sleep 3');
      const { secretReads, knocks } = await world.observe(bridge.instanceId);
      expect(secretReads).toEqual([]);
      expect(knocks).toEqual([]);
    });
  });

  describe('once it is registered', () => {
    let registeredAt: number;

    beforeAll(async () => {
      await world.putSecret(secretName, secret);
      registeredAt = Date.now();
      await world.tag(bridge.privateIpAddress, 'bridges:registered', '2026-01-01T00:00:00Z 0a1b');
      await world.console(bridge.instanceId, 'user data finished');
    });

    test('the console tells each stage with its time, and that it is healthy', async () => {
      const { console } = await world.observe(bridge.instanceId);
      const lines = console.split('\n').filter((line) => line.startsWith('jitsi-bridges: '));
      expect(lines.map((line) => line.replace(/\d+s$/, 'Ns'))).toEqual([
        ...allStages.map((stage) => `jitsi-bridges: stage ${stage} done in Ns`),
        'jitsi-bridges: healthy after Ns',
      ]);
    });

    test('it read its own secret, and knocked at Prosody only after that and with that', async () => {
      const { secretReads, knocks } = await world.observe(bridge.instanceId);
      expect(secretReads.map(({ name, found }) => ({ name, found }))).toEqual([
        { name: secretName, found: true },
      ]);
      expect(secretReads[0]?.at).toBeGreaterThanOrEqual(registeredAt);
      expect(knocks.map(({ jid, accepted }) => ({ jid, accepted }))).toEqual([
        { jid: 'jvb-0123456789abcdef1.meet.test', accepted: true },
      ]);
      expect(knocks[0]?.at).toBeGreaterThanOrEqual(secretReads[0]?.at ?? Infinity);
    });

    test('its configuration has our lines, keeps the others, and is not for everyone to read', async () => {
      const config = await run('grep -v "^#" /etc/jitsi/videobridge/config | grep .');
      expect(config.split('\n')).toEqual([
        'JVB_HOSTNAME=meet.test',
        'JVB_HOST=10.213.0.1',
        'JVB_PORT=5347',
        `JVB_SECRET=${secret}`,
        'JVB_OPTS="--apis=rest,xmpp --subdomain=jvb-0123456789abcdef1"',
        expect.stringContaining('JAVA_SYS_PROPS="-Dnet.java.sip.communicator.SC_HOME_DIR_LOCATION'),
        '',
      ]);
      expect(await run('stat -c "%U:%G %a" /etc/jitsi/videobridge/config')).toBe('jvb:jitsi 640\n');
    });

    test('its properties have statistics, shutdown from loopback only, and the addresses of its metadata', async () => {
      const properties = await run('cat /etc/jitsi/videobridge/sip-communicator.properties');
      expect(properties.trimEnd().split('\n')).toEqual([
        'org.jitsi.videobridge.AUTHORIZED_SOURCE_REGEXP=focus@auth.meet.test/.*',
        'org.jitsi.videobridge.ENABLE_STATISTICS=true',
        'org.jitsi.videobridge.STATISTICS_TRANSPORT=pubsub',
        'org.jitsi.videobridge.PUBSUB_SERVICE=meet.test',
        'org.jitsi.videobridge.PUBSUB_NODE=sharedStatsNode',
        'org.jitsi.videobridge.ENABLE_REST_SHUTDOWN=true',
        'org.jitsi.videobridge.shutdown.ALLOWED_SOURCE_REGEXP=127[.]0[.]0[.]1',
        'org.jitsi.videobridge.DISABLE_TCP_HARVESTER=true',
        'org.ice4j.ice.harvest.DISABLE_AWS_HARVESTER=true',
        `org.ice4j.ice.harvest.NAT_HARVESTER_LOCAL_ADDRESS=${bridge.privateIpAddress}`,
        'org.ice4j.ice.harvest.NAT_HARVESTER_PUBLIC_ADDRESS=203.0.113.7',
      ]);
    });

    test('the secret is in its configuration and on the bridge, and in no other place', async () => {
      const { console } = await world.observe(bridge.instanceId);
      expect(console).not.toContain(secret);
      // Not by the secret itself: this very command is kept in a file of the machine.
      const places = await run(`grep -rlE '(Zq7){12}' /etc /var /opt /root /tmp /run || true`);
      expect(places).toBe('/etc/jitsi/videobridge/config\n');
    });

    test('it spoke to the metadata service with a token only', async () => {
      expect((await world.observe(bridge.instanceId)).refusedMetadata).toEqual([]);
    });

    test('the same user data again does nothing twice and leaves the bridge alone', async () => {
      const pid = await run('systemctl show -p MainPID --value jitsi-videobridge');
      const again = await run('/var/lib/cloud/instance/scripts/part-001');
      expect(again.split('\n').slice(0, -2)).toEqual(
        allStages.map((stage) => `jitsi-bridges: stage ${stage} was done before`),
      );
      expect(await run('systemctl show -p MainPID --value jitsi-videobridge')).toBe(pid);
    });

    test('the times of the stages are measured, in the namespace that bridges may write to', async () => {
      const { measured } = await world.observe(bridge.instanceId);
      expect(measured).toHaveLength(1);
      const [form = {}] = measured;
      expect(form).toMatchObject({ Action: 'PutMetricData', Namespace: 'JitsiBridges/Hosts' });
      const of = (index: number, field: string) => form[`MetricData.member.${index}.${field}`];
      const indices = [...allStages, 'total'].map((_, index) => index + 1);
      expect(indices.map((index) => of(index, 'Dimensions.member.2.Value'))).toEqual([
        ...allStages,
        'total',
      ]);
      for (const index of indices) {
        expect(of(index, 'MetricName')).toBe('BootSeconds');
        expect(of(index, 'Dimensions.member.1.Value')).toBe('local');
        expect(of(index, 'Value')).toMatch(/^\d+(\.0)?$/);
      }
    });

    test('the bridge starts with the machine from here on, and is watched; the boot is over', async () => {
      const enabled = 'systemctl is-enabled jitsi-videobridge jitsi-bridges-watchdog';
      expect(await run(enabled)).toBe('enabled\nenabled\n');
      expect(await run('systemctl is-enabled jitsi-bridges-boot || true')).toBe('disabled\n');
      expect(await run('systemctl is-active jitsi-bridges-watchdog')).toBe('active\n');
    });

    test('heap, files and restarts of its service are set for this machine', async () => {
      const dropIn = '/etc/systemd/system/jitsi-videobridge.service.d/jitsi-bridges.conf';
      const lines = (await run(`cat ${dropIn}`)).split('\n');
      expect(lines).toContain('LimitNOFILE=65000');
      expect(lines).toContain('Restart=on-failure');
      const heap = Number(/MAX_MEMORY=(\d+)m$/m.exec(lines.join('\n'))?.[1]);
      const total = Number(await run('awk \'$1 == "MemTotal:" { print $2 }\' /proc/meminfo'));
      expect(heap).toBe(Math.min(12_288, Math.floor(total / 2048)));
    });

    test('a boot that was cut short by a restart of the machine goes on where it was', async () => {
      await run('cd /var/lib/jitsi-bridges/* && rm configure start');
      await run('systemctl start jitsi-bridges-boot');
      const again = await run('journalctl -u jitsi-bridges-boot');
      expect(again).toContain('stage install was done before');
      expect(again).toMatch(/stage configure done in \d+s/);
      expect(again).toContain('stage secret was done before');
      expect(again).toMatch(/stage start done in \d+s/);
      expect(again).toMatch(/jitsi-bridges: healthy after \d+s/);
      expect(await run('grep -c . /etc/jitsi/videobridge/sip-communicator.properties')).toBe(
        '11\n',
      );
      expect(await run('systemctl is-enabled jitsi-bridges-boot || true')).toBe('disabled\n');
    });

    test('Run Command drains it, sees it empty and recycles it', async () => {
      const ask = async (action: string): Promise<unknown> =>
        JSON.parse(await run(`/opt/jitsi-bridges/bridge.sh ${action}`));
      const idle = { ok: true, running: true, healthy: true, conferences: 0, participants: 0 };
      const open = { gracefulShutdown: false, draining: false };
      const closed = { gracefulShutdown: true, draining: true };
      expect(await ask('status')).toEqual({ ...idle, ...open, action: 'status' });
      expect(await ask('drain')).toEqual({ ...idle, ...closed, action: 'drain' });
      expect(await ask('shutdown')).toEqual({ ...idle, ...closed, action: 'shutdown' });
      expect(await ask('recycle')).toEqual({ ...idle, ...open, action: 'recycle' });
    });

    test('Run Command renews its secret: fetched again, and used at once', async () => {
      const renewed = 'Yb5'.repeat(12);
      await world.putSecret(secretName, renewed);
      expect(JSON.parse(await run('/opt/jitsi-bridges/bridge.sh renew'))).toMatchObject({
        ok: true,
        action: 'renew',
      });
      const config = await run('cat /etc/jitsi/videobridge/config');
      expect(config.split('\n')).toContain(`JVB_SECRET=${renewed}`);
      await eventually(async () => {
        const { knocks } = await world.observe(bridge.instanceId);
        return knocks.at(-1)?.accepted === true;
      });
      expect((await world.observe(bridge.instanceId)).knocks.at(-1)?.accepted).toBe(true);
    });

    test('a bridge that crashes is started again', async () => {
      await run('kill -KILL "$(systemctl show -p MainPID --value jitsi-videobridge)"');
      await eventually(async () => {
        const { stdout } = await world.run(
          bridge.instanceId,
          '/opt/jitsi-bridges/bridge.sh status',
        );
        return (JSON.parse(stdout) as { healthy: boolean }).healthy;
      });
    });

    test('on an image without the SSM agent it installs the one of AWS for its region', async () => {
      const architecture = (await run('dpkg --print-architecture')).trim();
      const folder = `/tmp/bucket/amazon-ssm-us-east-1/latest/debian_${architecture}`;
      await run(`set -e
        mkdir -p ${folder} /tmp/agent/DEBIAN /tmp/agent/usr/bin /tmp/agent/lib/systemd/system
        printf 'Package: amazon-ssm-agent\\nVersion: 3.3\\nArchitecture: ${architecture}\\nMaintainer: test\\nDescription: test\\n' >/tmp/agent/DEBIAN/control
        printf '#!/bin/sh\\nexec sleep 1000000\\n' >/tmp/agent/usr/bin/amazon-ssm-agent
        chmod 755 /tmp/agent/usr/bin/amazon-ssm-agent
        printf '[Service]\\nExecStart=/usr/bin/amazon-ssm-agent\\n[Install]\\nWantedBy=multi-user.target\\n' >/tmp/agent/lib/systemd/system/amazon-ssm-agent.service
        dpkg-deb -b /tmp/agent ${folder}/amazon-ssm-agent.deb
        rm /usr/bin/amazon-ssm-agent`);
      const install = (bucket: string) =>
        `cd /opt/jitsi-bridges; set -euo pipefail; here=$PWD; . ./common.bash; . ./packages.bash
         retry() { shift; "$@"; }; export BRIDGES_AGENT_URL=${bucket}; has_agent || install_agent`;
      const missing = await world.run(bridge.instanceId, install('file:///nowhere'));
      expect(missing.exitCode).not.toBe(0);
      expect(missing.stdout).toContain(
        `the image has no SSM agent, and there is none at file:///nowhere/amazon-ssm-us-east-1/latest/debian_${architecture}/amazon-ssm-agent.deb`,
      );
      await run(install('file:///tmp/bucket'));
      expect(await run('systemctl is-active amazon-ssm-agent')).toBe('active\n');
      expect(await run(`dpkg-query -W -f '\${Status}' amazon-ssm-agent`)).toBe(
        'install ok installed',
      );
    });

    test('on an image that has the package, and knows nothing of this instance, only the rest is done', async () => {
      await run('rm -r /var/lib/jitsi-bridges');
      const boot = await run('/var/lib/cloud/instance/scripts/part-001');
      expect(boot).toContain('jitsi-bridges: jitsi-videobridge 1126-1 is on the image\n');
      expect(boot).not.toMatch(/stage (prerequisites|repository|install)/);
      expect(boot).toMatch(/stage secret done in \d+s/);
      expect(boot).toMatch(/jitsi-bridges: healthy after \d+s/);
    });
  });

  describe('for an image', () => {
    const baking = { instanceId: 'i-0123456789abcdef4', privateIpAddress: '10.213.2.24' };

    test('installs, forgets itself and powers off, without a secret or a word to Prosody', async () => {
      const userData = userDataOf('component', await world.fingerprint());
      const order = userData.replace('\n', '\nexport BRIDGES_BAKE=1\n');
      await world.launch({ ...baking, userData: order }, {});
      await eventually(async () => (await world.observe(baking.instanceId)).poweredOff);
      const { console, secretReads, knocks } = await world.observe(baking.instanceId);
      expect(console).toMatch(/stage install done in \d+s\njitsi-bridges: baked\n/);
      expect(console).not.toContain('stage configure');
      expect(secretReads.filter(({ name }) => name.includes(baking.instanceId))).toEqual([]);
      expect(knocks.map(({ jid }) => jid)).not.toContain('jvb-0123456789abcdef4.meet.test');
    });
  });

  describe('that fails', () => {
    const failing = { instanceId: 'i-0123456789abcdef2', privateIpAddress: '10.213.2.22' };

    beforeAll(async () => {
      await world.launch({ ...failing, userData: userDataOf('component', '0'.repeat(40)) }, {});
      await eventually(async () => (await world.observe(failing.instanceId)).poweredOff);
    });

    test('says on the console which stage, why, and what it saw instead', async () => {
      const { console } = await world.observe(failing.instanceId);
      expect(console).toContain('jitsi-bridges: FAILED in stage repository (exit 1)');
      expect(console).toContain(`does not hold the key with fingerprint ${'0'.repeat(40)}`);
      expect(console).toContain(await world.fingerprint());
    });

    test('installs nothing, is powered off and never seen by Prosody', async () => {
      const { console, knocks } = await world.observe(failing.instanceId);
      expect(console).not.toContain('stage install');
      expect(knocks.map(({ jid }) => jid)).not.toContain('jvb-0123456789abcdef2.meet.test');
    });
  });
});
