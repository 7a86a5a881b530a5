import { bridgesNeeded } from '../../lambdas/core/demand/bridges-needed';
import { policySchema, type Policy } from '../../lambdas/core/model/policy';
import type { LoadSample } from '../../lambdas/core/model/snapshot';
import { drawChart, type Line } from './chart';
import { liveThrough, type Minute } from './model-fleet';

/** Monday 2027-01-18, midnight in Berlin. */
const midnight = Date.UTC(2027, 0, 17, 23) / 1000;
const hour = 3600;
const color = { load: '#7f7f7f', ready: '#0072b2', other: '#d55e00', third: '#009e73' };

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

function clockTicks(
  from: number,
  to: number,
  step: number,
): readonly (readonly [number, string])[] {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => {
    const at = from + index * step;
    const local = (at - midnight) / hour;
    return [at, `${two(local)}:${two(Math.round((local % 1) * 60))}`] as const;
  });
}

function lineOf(
  name: string,
  stroke: string,
  shape: Line['shape'],
  minutes: readonly Minute[],
  value: (minute: Minute) => number,
): Line {
  return {
    name,
    color: stroke,
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
  return drawChart({
    title: 'hold: 12 from 09:00 to 10:00',
    xTitle: 'Monday, Europe/Berlin',
    yTitle: 'bridges',
    xTicks: clockTicks(from, to, 1800),
    shaded: { from: midnight + 9 * hour, to: midnight + 10 * hour, label: 'all-hands' },
    lines: [
      lineOf(
        'booting + active',
        color.other,
        'steps',
        minutes,
        ({ booting, active }) => booting + active,
      ),
      lineOf('active', color.ready, 'steps', minutes, ({ active }) => active),
      lineOf('load', color.load, 'line', minutes, ({ load }) => load),
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
  return drawChart({
    title: 'forecast: active bridges and load',
    xTitle: 'a morning on which meetings start at nine',
    yTitle: 'bridges',
    xTicks: clockTicks(from, to, 900),
    lines: [
      lineOf('active, forecast on', color.ready, 'steps', on, ({ active }) => active),
      lineOf('active, forecast off', color.other, 'steps', off, ({ active }) => active),
      lineOf('load ÷ targetStress', color.third, 'dashes', on, (minute) => minute.load / 0.75),
      lineOf('load', color.load, 'line', on, (minute) => minute.load),
    ],
  });
}

function headroomPicture(): string {
  const loads = Array.from({ length: 121 }, (_, index) => index / 4);
  const line = (name: string, stroke: string, changes: Readonly<Record<string, number>>): Line => ({
    name,
    color: stroke,
    shape: 'steps',
    points: loads.map((load) => [load, bridgesNeeded(load, policyOf(changes), 1)] as const),
  });
  return drawChart({
    title: 'bridges needed for a load',
    xTitle: 'expected load, in bridges at stress 1',
    yTitle: 'bridges',
    xTicks: [0, 5, 10, 15, 20, 25, 30].map((value) => [value, String(value)] as const),
    lines: [
      line('headroomFactor 2', color.other, { headroomFactor: 2 }),
      line('headroomFactor 1.05', color.ready, {}),
      line('none', color.third, { headroomFactor: 0 }),
      {
        name: 'load',
        color: color.load,
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
  return drawChart({
    title: 'scaleInPatienceSeconds: a break, and the end of the day',
    xTitle: 'an afternoon',
    yTitle: 'bridges (booting + active)',
    xTicks: clockTicks(from, to, 1800),
    lines: [
      lineOf('1800', color.other, 'steps', long, serving),
      lineOf('120 (default)', color.ready, 'steps', short, serving),
      lineOf('load', color.load, 'line', short, (minute) => minute.load),
    ],
  });
}
