import { eventually } from '../../eventually';
import { successfulAttacks } from '../server/attack';
import { bridgeParameter, nameOf, newSecret, setParameters } from '../server/fleet-parameters';
import { XmppClients } from '../server/xmpp-clients';
import { dockerEnvironment, DockerMachine, serverAddress } from './docker-machine';
import { authHost, JitsiContainers, room } from './jitsi-containers';

const password = newSecret();
const [first, second] = [bridgeParameter(1), bridgeParameter(2)];
const override = '/root/docker-jitsi-meet/docker-compose.override.yml';

describe('docker-jitsi-meet of today, started by Compose 2', () => {
  let machine: DockerMachine;
  let jitsi: JitsiContainers;
  let before: string;

  beforeAll(async () => {
    machine = await DockerMachine.start('docker', 'rootless');
    machine.installProject('rootless');
    jitsi = new JitsiContainers(machine, 'rootless');
    jitsi.awaitJicofo();
    before = jitsi.footprint();
    setParameters(machine, password, [first, second]);
  });
  afterAll(() => machine.close());

  /** XMPP sessions from another host of the VPC, for as long as something is tried with them. */
  async function withClients<T>(attempt: (clients: XmppClients) => Promise<T>): Promise<T> {
    const clients = XmppClients.start(machine.outside(), jitsi.hosts());
    try {
      return await attempt(clients);
    } finally {
      clients.close();
    }
  }

  /** A guest gets nowhere, and a bridge into the room where Jicofo sees it. */
  async function expectGuarded(): Promise<void> {
    await withClients(async (clients) => {
      expect(await successfulAttacks(clients, [nameOf(first), nameOf(second)], room)).toEqual([]);
      expect(await clients.account(nameOf(first), first.secret)).toMatchObject({ ok: true });
      await clients.join(nameOf(first));
      const seats = async (name: string): Promise<string[]> =>
        ((await clients.observe(name)).occupants ?? []).map(({ nickname }) => nickname);
      await eventually(async () => (await seats(nameOf(first))).includes(nameOf(first)));
      await eventually(async () => (await seats(nameOf(first))).includes('focus'));
    });
  }

  const keptCertificate = (): string =>
    machine.output(
      `docker exec ${jitsi.container()} cat /run/prosody/config/certs/${authHost}.crt`,
    );

  test('check and apply find the names, and say what only the operator can do', () => {
    const { answer } = jitsi.prepare('check');
    expect(answer).toMatchObject({
      ok: true,
      restartNeeded: false,
      server: {
        kind: 'docker',
        project: 'docker-jitsi-meet',
        domain: 'meet.jitsi',
        authHost,
        brewery: room,
      },
      publish: { published: false, file: override, written: false },
    });
    expect(answer.publish?.content).toContain(`- '${serverAddress}:5222:\${XMPP_PORT:-5222}'`);
    expect(jitsi.footprint()).toBe(before);

    const applied = jitsi.prepare('apply');
    expect(applied.answer).toMatchObject({
      ok: true,
      publish: { published: false, written: false },
    });
    expect(applied.told).toContain(applied.answer.publish?.command);
    expect(jitsi.sync()).toMatchObject({
      ok: false,
      error: expect.stringContaining('5222') as string,
    });
  });

  test('with --publish the file is written, and the one command makes bridges reach Prosody', async () => {
    const { answer } = jitsi.prepare('apply --publish yes');
    expect(answer.publish).toMatchObject({ published: false, file: override, written: true });
    expect(machine.output(`cat ${override}`)).toBe(`${answer.publish?.content ?? ''}\n`);
    machine.output(answer.publish?.command ?? 'false');
    jitsi.awaitJicofo();

    expect(jitsi.prepare('check').answer).toMatchObject({
      ok: true,
      changed: [],
      publish: { published: true },
    });
    expect(jitsi.sync()).toMatchObject({
      ok: true,
      bridges: 2,
      xmpp: { authHost, brewery: room },
    });
    await expectGuarded();
  });

  test.each([
    ['its container is restarted', () => machine.output(`docker restart ${jitsi.container()}`)],
    [
      'Prosody is killed in it',
      () =>
        machine.output(
          `docker exec ${jitsi.container()} sh -c 'kill -KILL $(cat /run/prosody/prosody.pid)'`,
        ),
    ],
    [
      'the settings are changed and the container is made anew',
      () => machine.output(`echo LOG_LEVEL=warn >>${jitsi.folder}/.env`) + jitsi.compose('up -d'),
    ],
    [
      'the image is updated',
      () =>
        machine.output(
          `printf 'FROM stand-in/prosody:rootless\\nLABEL release=next\\n' | DOCKER_BUILDKIT=0 docker build -q -t stand-in/prosody:rootless - 2>/dev/null`,
        ) + jitsi.compose('up -d'),
    ],
    ['everything is taken down and started', () => jitsi.compose('down') + jitsi.compose('up -d')],
  ])('accounts, guard and certificate are there after %s', async (_, happens) => {
    const certificate = keptCertificate();
    const container = jitsi.container();
    happens();
    jitsi.awaitJicofo();
    expect(keptCertificate()).toBe(certificate);
    await expectGuarded();
    expect(jitsi.prepare('check').answer).toMatchObject({ ok: true, changed: [] });
    expect(jitsi.sync('check')).toMatchObject({ ok: true, activated: [], deactivated: [] });
    expect(container).not.toBe('');
  });

  test('a bridge that comes back before Jicofo and the default bridge is let into the room', async () => {
    jitsi.compose('stop jicofo jvb');
    machine.output(`docker restart ${jitsi.container()}`);
    await withClients(async (clients) => {
      await clients.keepClient(nameOf(first), first.secret);
      await eventually(async () => ((await clients.kept())[0]?.reports ?? 0) > 1);
    });
    jitsi.compose('start jicofo jvb');
    jitsi.awaitJicofo();
  });

  test('sync puts right what somebody has taken away, and check tells of it', () => {
    machine.output('rm /root/.jitsi-meet-cfg/prosody/config/conf.d/jitsi-bridges.cfg.lua');
    jitsi.shell('module:unload("jitsi_bridges_brewery", "internal-muc.meet.jitsi")');
    expect(jitsi.sync('check')).toMatchObject({
      ok: false,
      error: expect.stringContaining('not loaded') as string,
    });
    expect(jitsi.sync()).toMatchObject({ ok: true });
    expect(jitsi.prepare('check').answer).toMatchObject({ ok: true, changed: [] });
  });

  test('accounts that are lost with the data are made again', () => {
    machine.output(
      `cd ${jitsi.folder} && docker compose stop prosody && find /root/.jitsi-meet-cfg/storage/prosody -mindepth 1 -delete && docker compose up -d prosody`,
    );
    jitsi.awaitJicofo();
    expect(jitsi.sync()).toMatchObject({
      ok: true,
      activated: expect.arrayContaining([`${nameOf(first)}@${authHost}`]) as string[],
    });
  });

  test('of several projects one has to be named, and only that one is touched', () => {
    machine.installProject('rootless', {
      folder: '/root/other-meet',
      config: '/root/other-cfg',
      settings: [
        'HTTP_PORT=8100',
        'JICOFO_REST_PORT=8988',
        'XMPP_DOMAIN=other.jitsi',
        'XMPP_AUTH_DOMAIN=accounts.other.jitsi',
      ],
    });
    const other = new JitsiContainers(machine, 'rootless', '/root/other-meet');
    expect(jitsi.prepare('check').answer).toMatchObject({
      ok: false,
      error: expect.stringMatching(/docker-jitsi-meet, other-meet.*composeProject/) as string,
    });
    expect(
      jitsi.prepare('check', { BRIDGES_COMPOSE_PROJECT: 'docker-jitsi-meet' }).answer,
    ).toMatchObject({ ok: true, changed: [] });
    other.awaitJicofo();
    expect(other.prepare('check', { BRIDGES_COMPOSE_PROJECT: 'other-meet' }).answer).toMatchObject({
      ok: true,
      server: { project: 'other-meet', domain: 'other.jitsi', authHost: 'accounts.other.jitsi' },
      publish: { published: false },
    });
    expect(
      other.prepare('check', {
        BRIDGES_COMPOSE_PROJECT: 'other-meet',
        BRIDGES_DOMAIN: 'meet.jitsi',
      }).answer.error,
    ).toContain('other.jitsi');
    other.compose('down');
    machine.output('rm -rf /root/other-meet /root/other-cfg');
  });

  test('what would not last, or is no Docker, is refused with a sentence', () => {
    machine.output(
      `docker run -d --name loose --label com.docker.compose.service=prosody --label com.docker.compose.oneoff=False --label com.docker.compose.project=loose \
        --read-only --tmpfs /run:exec,mode=1750,uid=1000,gid=1000 --tmpfs /tmp -e JICOFO_AUTH_PASSWORD=x -e JVB_AUTH_PASSWORD=y -v /var/lib/prosody stand-in/prosody:rootless;
       until docker exec loose test -f /run/prosody/config/prosody.cfg.lua; do sleep 0.1; done`,
    );
    expect(jitsi.prepare('check', { BRIDGES_COMPOSE_PROJECT: 'loose' }).answer.error).toContain(
      'anonymous volume at /prosody-plugins-custom',
    );
    machine.output('docker rm -f -v loose');
    expect(jitsi.prepare('check', { BRIDGES_COMPOSE_PROJECT: 'nobody' }).answer.error).toContain(
      'compose project nobody',
    );
    machine.output(
      `printf '#!/bin/sh\\necho podman version 4.3.1\\n' >/usr/local/bin/docker; chmod 755 /usr/local/bin/docker`,
    );
    expect(jitsi.prepare('check').answer.error).toContain('podman');
    machine.output('rm /usr/local/bin/docker');
    expect(jitsi.prepare('apply', { BRIDGES_FLEET: 'second' }).answer.error).toContain(
      'fleet local',
    );
    expect(
      jitsi.prepare('check', { BRIDGES_BREWERY: 'other@internal-muc.meet.jitsi' }).answer.error,
    ).toContain('is not in other@internal-muc.meet.jitsi');
  });

  test('the document for packages says that this is a docker-jitsi-meet', () => {
    const packages = {
      ...dockerEnvironment,
      BRIDGES_SERVER_KIND: 'packages',
      BRIDGES_DOMAIN: 'meet.jitsi',
      BRIDGES_BREWERY: room,
    };
    const { stdout } = machine.run('/opt/jitsi-bridges/prepare.sh apply', '', packages);
    expect(stdout).toContain('set server.kind: docker');
  });

  test('undo takes out files, modules, accounts and the published port, to the byte', () => {
    const undone = jitsi.prepare('undo');
    expect(undone.answer).toMatchObject({ ok: true });
    machine.output(`sed -i /LOG_LEVEL/d ${jitsi.folder}/.env`);
    expect(jitsi.footprint()).toBe(before);
    const held = jitsi.shell('host:list()', `user:list("${authHost}")`);
    expect(held).not.toMatch(/jitsi-bridges|bridges-collector|jvb-0a/);
    expect(held).toContain(`focus@${authHost}`);
    jitsi.compose('up -d');
    expect(machine.output(`docker port ${jitsi.container()}`)).toBe('');
    expect(machine.output('find /var/lib/jitsi-bridges 2>/dev/null | wc -l').trim()).toBe('0');
    expect(jitsi.prepare('undo').answer).toMatchObject({ ok: true, changed: [] });
  });
});
