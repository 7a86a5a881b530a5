import { InstantHost } from '../../../local/machines/instant-host';

const spec = { instanceId: 'i-00000001', privateIpAddress: '10.213.1.1', userData: '' };
const request = { instanceId: spec.instanceId, script: 'uptime', timeoutSeconds: 5 };

describe('InstantHost', () => {
  it('answers commands through the given function, which sees the machine', async () => {
    const host = new InstantHost(({ script }, { privateIpAddress }) => ({
      exitCode: 3,
      stdout: `${script} on ${privateIpAddress}`,
      stderr: '',
    }));
    await host.launch(spec);
    expect(await host.run(request)).toEqual({
      exitCode: 3,
      stdout: 'uptime on 10.213.1.1',
      stderr: '',
    });
  });

  it('refuses commands before launch and after termination', async () => {
    const host = new InstantHost();
    await expect(host.run(request)).rejects.toThrow('i-00000001 is not running');
    await host.launch(spec);
    expect(host.machines).toEqual([spec]);
    await host.terminate(spec.instanceId);
    await host.terminate(spec.instanceId);
    expect(host.machines).toEqual([]);
    await expect(host.run(request)).rejects.toThrow('i-00000001 is not running');
  });

  it('never gives an instance id to a second machine', async () => {
    const host = new InstantHost();
    await host.launch(spec);
    await host.terminate(spec.instanceId);
    await expect(host.launch(spec)).rejects.toThrow('exists already');
  });

  it('tells once that a machine powered itself off, not that it was terminated', async () => {
    const host = new InstantHost();
    const off: string[] = [];
    host.onPowerOff((instanceId) => off.push(instanceId));
    await host.launch(spec);
    host.print(spec.instanceId, 'boot failed\n');
    host.powerOff(spec.instanceId);
    host.powerOff(spec.instanceId);
    await host.terminate(spec.instanceId);
    expect(off).toEqual([spec.instanceId]);
    expect(host.consoleOutput(spec.instanceId)).toBe('boot failed\n');
  });
});
