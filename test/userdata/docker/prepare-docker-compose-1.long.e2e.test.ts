import { eventually } from '../../eventually';
import { successfulAttacks } from '../server/attack';
import { bridgeParameter, nameOf, newSecret, setParameters } from '../server/fleet-parameters';
import { XmppClients } from '../server/xmpp-clients';
import { DockerMachine } from './docker-machine';
import { JitsiContainers, room } from './jitsi-containers';

const password = newSecret();
const first = bridgeParameter(1);

describe('docker-jitsi-meet before its images had an admin shell, started by Compose 1', () => {
  let machine: DockerMachine;
  let jitsi: JitsiContainers;

  beforeAll(async () => {
    machine = await DockerMachine.start('docker-2022', 'classic');
    machine.installProject('classic');
    jitsi = new JitsiContainers(machine, 'classic');
    jitsi.awaitJicofo();
    setParameters(machine, password, [first]);
  });
  afterAll(() => machine.close());

  test('the files come first, and the start that publishes the port is the only one', async () => {
    const before = jitsi.footprint();
    const { answer } = jitsi.prepare('apply --publish yes');
    expect(answer).toMatchObject({
      ok: true,
      restartNeeded: true,
      publish: { published: false, written: true },
    });
    expect(answer.publish?.content).toContain("version: '3.5'");
    machine.output(answer.publish?.command ?? 'false');
    jitsi.awaitJicofo();
    expect(jitsi.prepare('check').answer).toMatchObject({
      ok: true,
      changed: [],
      restartNeeded: false,
      publish: { published: true },
    });
    expect(jitsi.sync()).toMatchObject({ ok: true, bridges: 1 });

    const clients = XmppClients.start(machine.outside(), jitsi.hosts());
    expect(await successfulAttacks(clients, [nameOf(first)], room)).toEqual([]);
    await clients.account(nameOf(first), first.secret);
    await clients.join(nameOf(first));
    const seats = async (name: string): Promise<string[]> =>
      ((await clients.observe(name)).occupants ?? []).map(({ nickname }) => nickname);
    await eventually(async () => (await seats(nameOf(first))).includes(nameOf(first)));
    clients.close();

    expect(jitsi.prepare('undo').answer).toMatchObject({ ok: true });
    expect(jitsi.footprint()).toBe(before);
  });

  test('without the port, --restart now is enough for the guard', () => {
    jitsi.compose('up -d');
    jitsi.awaitJicofo();
    expect(jitsi.prepare('apply --restart now').answer).toMatchObject({
      ok: true,
      restartNeeded: false,
      publish: { published: false },
    });
    expect(jitsi.prepare('undo').answer).toMatchObject({ ok: true });
  });
});
