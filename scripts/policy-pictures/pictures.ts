import { bridgesNeeded } from '../../lambdas/core/demand/bridges-needed';
import { policySchema, type Policy } from '../../lambdas/core/model/policy';
import type { LoadSample } from '../../lambdas/core/model/snapshot';
import type { Tick } from '../../sim/chart/axis';
import type { Ink } from '../../sim/chart/inks';
import type { Series } from '../../sim/chart/series';
import { liveThrough, type Minute } from './model-fleet';
import { draw } from './picture';

/** Monday 2027-01-18, midnight in Berlin. */
const midnight = Date.UTC(2027, 0, 17, 23) / 1000;
const hour = 3600;
const ink = { load: 'grey', ready: 'blue', other: 'vermilion', third: 'green' } as const;

/** The pictures of docs/policy.md by file name, made by running the decision itself. */
export function policyPictures(): ReadonlyMap<string, string> {
  return new Map([
    ['schedule.svg', schedulePicture()],
    ['forecast.svg', forecastPicture()],
    ['headroom.svg', headroomPicture()],
    ['cooldown.svg', cooldownPicture()],
  ]);
}

function policyOf(changes: Readonly<Record<string, unknown>>): Policy {
  return policySchema.parse({ min: 2, max: 40, forecast: 'off', ...changes });
}

function clockTicks(from: number, to: number, step: number): readonly Tick[] {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => {
    const at = from + index * step;
    const local = (at - midnight) / hour;
    return [at, `${two(local)}:${two(Math.round((local % 1) * 60))}`] as const;
  });
}

function lineOf(
  name: string,
  ink: Ink,
  shape: Series['shape'],
  minutes: readonly Minute[],
  value: (minute: Minute) => number,
): Series {
  return {
    name,
    ink,
    shape,
    points: minutes.map((minute) => [minute.at, value(minute)] as const),
  };
}

/** From nothing to `height` bridges between two hours of the day, in a smooth rise. */
function rise(height: number, fromHour: number, toHour: number): (at: number) => number {
  return (at) => {
    const part = (at - midnight - fromHour * hour) / ((toHour - fromHour) * hour);
    const clamped = Math.min(1, Math.max(0, part));
    return 0.5 + height * (3 * clamped ** 2 - 2 * clamped ** 3);
  };
}

function schedulePicture(): string {
  const [from, to] = [midnight + 7.5 * hour, midnight + 11 * hour];
  const schedules = [
    {
      name: 'all-hands',
      days: ['mon'],
      from: '09:00',
      to: '10:00',
      zone: 'Europe/Berlin',
      hold: 12,
    },
  ];
  const minutes = liveThrough({
    policy: policyOf({ schedules }),
    from,
    minutes: (to - from) / 60,
    bridges: 3,
    load: (at) => 0.8 + (at >= midnight + 9.05 * hour && at < midnight + 9.9 * hour ? 5 : 0),
  });
  return draw({
    title: 'hold: 12 from 09:00 to 10:00',
    xTitle: 'Monday, Europe/Berlin',
    yTitle: 'bridges',
    xTicks: clockTicks(from, to, 1800),
    band: { from: midnight + 9 * hour, to: midnight + 10 * hour, label: 'all-hands' },
    series: [
      lineOf(
        'booting + active',
        ink.other,
        'steps',
        minutes,
        ({ booting, active }) => booting + active,
      ),
      lineOf('active', ink.ready, 'steps', minutes, ({ active }) => active),
      lineOf('load', ink.load, 'line', minutes, ({ load }) => load),
    ],
  });
}

function forecastPicture(): string {
  const [from, to] = [midnight + 8.25 * hour, midnight + 9.75 * hour];
  const load = rise(9, 8.9, 9.15);
  const samples = 4 * 2016;
  const history: readonly LoadSample[] = Array.from({ length: samples }, (_, index) => {
    const at = from - (samples - index) * 300;
    const ofDay = (((at - midnight) % 86_400) + 86_400) % 86_400;
    // Every day like this one, with low load from the evening on.
    return { at, load: ofDay > 18 * hour ? 0.5 : load(midnight + ofDay + 150) };
  });
  const live = (forecast: 'on' | 'off') =>
    liveThrough({
      policy: policyOf({ forecast }),
      from,
      minutes: (to - from) / 60,
      bridges: 3,
      load,
      history,
    });
  const [on, off] = [live('on'), live('off')];
  return draw({
    title: 'forecast: active bridges and load',
    xTitle: 'a morning on which meetings start at nine',
    yTitle: 'bridges',
    xTicks: clockTicks(from, to, 900),
    series: [
      lineOf('active, forecast on', ink.ready, 'steps', on, ({ active }) => active),
      lineOf('active, forecast off', ink.other, 'steps', off, ({ active }) => active),
      lineOf('load ÷ targetStress', ink.third, 'dashed-line', on, (minute) => minute.load / 0.75),
      lineOf('load', ink.load, 'line', on, (minute) => minute.load),
    ],
  });
}

function headroomPicture(): string {
  const loads = Array.from({ length: 121 }, (_, index) => index / 4);
  const line = (name: string, ink: Ink, changes: Readonly<Record<string, number>>): Series => ({
    name,
    ink,
    shape: 'steps',
    points: loads.map((load) => [load, bridgesNeeded(load, policyOf(changes), 1)] as const),
  });
  return draw({
    title: 'bridges needed for a load',
    xTitle: 'expected load, in bridges at stress 1',
    yTitle: 'bridges',
    xTicks: [0, 5, 10, 15, 20, 25, 30].map((value) => [value, String(value)] as const),
    series: [
      line('headroomFactor 2', ink.other, { headroomFactor: 2 }),
      line('headroomFactor 1.05', ink.ready, {}),
      line('none', ink.third, { headroomFactor: 0 }),
      {
        name: 'load',
        ink: ink.load,
        shape: 'line',
        points: loads.map((load) => [load, load] as const),
      },
    ],
  });
}

function cooldownPicture(): string {
  const [from, to] = [midnight + 15 * hour, midnight + 18 * hour];
  // A break of 20 minutes, then the end of the day.
  const load = (at: number) => {
    const local = (at - midnight) / hour;
    return local > 17 || (local > 15.5 && local < 15.84) ? 1 : 6;
  };
  const live = (scaleInPatienceSeconds: number) =>
    liveThrough({
      policy: policyOf({ scaleInPatienceSeconds }),
      from,
      minutes: (to - from) / 60,
      bridges: 12,
      load,
    });
  const [short, long] = [live(120), live(1800)];
  const serving = ({ booting, active }: Minute) => booting + active;
  return draw({
    title: 'scaleInPatienceSeconds: a break, and the end of the day',
    xTitle: 'an afternoon',
    yTitle: 'bridges (booting + active)',
    xTicks: clockTicks(from, to, 1800),
    series: [
      lineOf('1800', ink.other, 'steps', long, serving),
      lineOf('120 (default)', ink.ready, 'steps', short, serving),
      lineOf('load', ink.load, 'line', short, (minute) => minute.load),
    ],
  });
}
