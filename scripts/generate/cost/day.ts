import { fleetMetricsOf } from '../../../lambdas/adapters/aws/metrics';
import { publishMetricsTo } from '../../../lambdas/adapters/aws/publish-metrics';
import { collect, type CollectorPorts } from '../../../lambdas/collector/collect';
import type { CollectorEnv } from '../../../lambdas/collector/env';
import { bridgeName } from '../../../lambdas/core/protocol/xmpp-names';
import { keptHistory } from '../../../lambdas/observation/load-history';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { workingWeek } from '../../../sim/workload/calendar';
import { bridgeTime } from '../../../test/lambdas/core/stanzas';
import { envOf, FakeWorld } from '../../../test/lambdas/scaler/fake-world';
import { policySchema } from '../../../lambdas/core/model/policy';
import { MeteredCloudWatch, type Usage } from './metered-cloud-watch';

/** A working day of a fleet, as the functions that ship lived through it. */
export interface Day {
  /** Average of the bridges that ran. */
  readonly bridges: number;
  readonly participantHours: number;
  readonly launches: number;
  readonly hoursWithLaunches: number;
  readonly cloudWatch: Usage;
  /** Seconds that the scaler waited for data. */
  readonly waitedSeconds: number;
  readonly logBytes: number;
}

const minutesPerDay = 1440;
/** CloudWatch is said to need 2 to 20 s. */
const readableAfterSeconds = 8;
/** Of one bridge at stress 1; Jicofo assumes as much. */
const participantsPerBridge = 100;
const participantsPerConference = 8;
/** Of the people on a draining bridge, those whose call ends within a minute. */
const leavingPerMinute = 1 / 25;
const bootMinutes = 2;

const collectorEnv: CollectorEnv = {
  fleet: 'test',
  domain: 'meet.test',
  generation: 'component',
  names: { authHost: 'auth.meet.test', brewery: 'JvbBrewery@internal.auth.meet.test' },
  xmppHost: '10.0.0.5',
  xmppPort: 5222,
  windowSeconds: 12,
  maxPacketRate: 50_800,
};

/**
 * One working day, minute by minute: people join and leave with the hours, the collector's and the
 * scaler's own code reads, decides, launches, drains and retires, and a CloudWatch that counts is
 * between them. EC2, Run Command and Prosody are the tests' fakes: AWS does not charge for calls
 * of the first two.
 * @param peak people in calls at the busiest minute
 */
export async function liveDay(peak: number): Promise<Day> {
  const world = new FakeWorld();
  world.generation = 'muc';
  const shape = workingWeek();
  const peopleAt = (at: number) => peak * Math.min(1, shape(at));
  const most = Math.max(1, Math.ceil((3 * peak) / participantsPerBridge));
  const env = {
    ...envOf({}, 'muc'),
    policy: policySchema.parse({ min: 1, max: most }),
  };
  const cloudWatch = new MeteredCloudWatch(() => world.now, readableAfterSeconds);
  const ports = portsOf(world, cloudWatch);
  const collector = collectorOf(world, cloudWatch);
  const launchHours = new Set<number>();
  const seen = new Set<string>();
  let known: ReadonlySet<string> | undefined;
  let bridgeMinutes = 0;
  let participantMinutes = 0;
  let logBytes = 0;
  const started = world.now - (world.now % 86_400);
  world.now = started;
  for (let index = 0; index <= peopleAt(started) / participantsPerBridge; index++)
    seen.add(world.addBridge(index + 1));
  const firstCount = seen.size;
  for (let minute = 0; minute < minutesPerDay; minute++) {
    world.now = started + minute * 60;
    seat(world, peopleAt(world.now));
    const collected = await collect(collector, collectorEnv, known);
    known =
      collected.result === 'published'
        ? new Set(collected.reports.map(({ instanceId }) => instanceId))
        : undefined;
    // Lambda hands the collector's success on; the schedule finds the minute decided.
    const record = {
      requestContext: { condition: 'Success' },
      responsePayload: { ...collected, bridges: known?.size ?? 0 },
    };
    await runScaler(ports.make(), env, record);
    await runScaler(ports.make(), env, { trigger: 'schedule' });
    for (const { fields } of world.logged.splice(0)) logBytes += JSON.stringify(fields).length;
    // What tests look at, and a whole day of a large fleet would fill the memory with.
    for (const list of [world.writes, world.published, world.asked]) list.length = 0;
    if (minute % bootMinutes === 0) world.settle();
    const before = seen.size;
    for (const id of world.instances.keys()) seen.add(id);
    if (seen.size > before) launchHours.add(Math.floor(minute / 60));
    bridgeMinutes += world.instances.size;
    participantMinutes += peopleAt(world.now);
  }
  return {
    bridges: bridgeMinutes / minutesPerDay,
    participantHours: participantMinutes / 60,
    hoursWithLaunches: launchHours.size,
    launches: seen.size - firstCount,
    cloudWatch: cloudWatch.usage,
    waitedSeconds: ports.waited(),
    logBytes,
  };
}

/** The scaler's ports: all of AWS a fake, CloudWatch one that counts. */
function portsOf(world: FakeWorld, cloudWatch: MeteredCloudWatch) {
  const metrics = fleetMetricsOf(cloudWatch.client, 'test');
  const history = keptHistory((since, now) => metrics.loads(since, now));
  const publish = publishMetricsTo(cloudWatch.client);
  let waitedSeconds = 0;
  const clock = {
    now: () => world.now,
    sleep: (seconds: number) => {
      waitedSeconds += seconds;
      world.now += seconds;
      return Promise.resolve();
    },
  };
  return {
    make: () => ({ ...world.ports(), metrics, history, publish, clock }),
    waited: () => waitedSeconds,
  };
}

function collectorOf(world: FakeWorld, cloudWatch: MeteredCloudWatch): CollectorPorts {
  return {
    credentials: () =>
      Promise.resolve({
        names: { authHost: 'auth.meet.test', brewery: '' },
        password: 'pw',
        fingerprint: 'fp',
      }),
    listen: () => (_account, listening) => {
      const current_timestamp = bridgeTime(world.now * 1000);
      for (const [id, host] of world.hosts) {
        if (!host.running || world.instances.get(id)?.state !== 'running') continue;
        const packets = (host.participants / participantsPerBridge) * collectorEnv.maxPacketRate;
        const stats = Object.entries({
          current_timestamp,
          packet_rate_upload: String(Math.round(packets)),
          packet_rate_download: '0',
          participants: String(Math.round(host.participants)),
          conferences: String(host.conferences),
          graceful_shutdown: String(host.draining),
        });
        const itemId = `${bridgeName(id)}.meet.test`;
        listening.onHeard({ kind: 'item', itemId, stats });
      }
      return Promise.resolve();
    },
    publish: publishMetricsTo(cloudWatch.client),
    now: () => world.now * 1000,
  };
}

/** People sit where they can: evenly on bridges that take calls; draining ones lose theirs. */
function seat(world: FakeWorld, people: number): void {
  const running = [...world.hosts].filter(
    ([id, { running: runs }]) => runs && world.instances.get(id)?.state === 'running',
  );
  const draining = running.filter(([, host]) => host.draining);
  for (const [, host] of draining) {
    const left = host.participants * (1 - leavingPerMinute);
    host.participants = left < 1 ? 0 : left;
  }
  const taken = draining.reduce((sum, [, { participants }]) => sum + participants, 0);
  const open = running.filter(([, host]) => !host.draining);
  for (const [, host] of open)
    host.participants = Math.max(0, people - taken) / Math.max(1, open.length);
  for (const [, host] of running)
    host.conferences = Math.ceil(host.participants / participantsPerConference);
}
