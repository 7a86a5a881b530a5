import type { BridgePicture, DecisionPicture, Picture } from './picture';

const blocks = '▁▂▃▄▅▆▇█';
const barWidth = 20;
const decisionsShown = 8;

type Paint = (text: string) => string;
interface Paints {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly red: Paint;
  readonly cyan: Paint;
}

/**
 * A picture as lines of text, at most `columns` wide.
 *
 * @param history participants of earlier looks, oldest first, for the curve
 */
export function renderPicture(
  picture: Picture,
  history: readonly number[],
  { columns, colour }: { readonly columns: number; readonly colour: boolean },
): readonly string[] {
  const paints = paintsOf(colour);
  const { bold, dim } = paints;
  return [
    `${bold('Jitsi Bridge Autoscaler')}  ${dim(picture.at.toISOString().slice(11, 19))}`,
    '',
    `${bold('people in calls')}  ${picture.participantCount} of ${picture.wantedParticipants} in ${picture.conferenceCount} conferences  ${paints.cyan(curve(history, 40))}`,
    `forced disconnects ${warn(picture.forcedDisconnects, paints)}   Prosody sessions dropped ${warn(picture.prosodySessionsDropped, paints)}`,
    '',
    bold(
      `${'bridge'.padEnd(22)} ${'phase'.padEnd(11)} ${'stress'.padEnd(barWidth + 5)} ${'people'.padStart(6)} ${'calls'.padStart(6)} ${'age'.padStart(7)}`,
    ),
    ...picture.bridges.map((bridge) => bridgeLine(bridge, paints)),
    '',
    bold('decisions'),
    ...picture.decisions
      .slice(-decisionsShown)
      .flatMap((decision) => decisionLines(decision, columns, paints)),
  ];
}

function bridgeLine(bridge: BridgePicture, paints: Paints): string {
  const phase = phasePaint(bridge.phase, paints)(bridge.phase.padEnd(11));
  const stress =
    bridge.stressRatio === undefined
      ? '–'.padEnd(barWidth + 5)
      : `${bar(bridge.stressRatio, paints)} ${bridge.stressRatio.toFixed(2)}`;
  const number = (value: number | undefined): string => (value?.toString() ?? '–').padStart(6);
  return `${cut(bridge.name, 22).padEnd(22)} ${phase} ${stress} ${number(bridge.participantCount)} ${number(bridge.conferenceCount)} ${age(bridge.ageSeconds).padStart(7)}`;
}

function phasePaint(phase: BridgePicture['phase'], paints: Paints): Paint {
  switch (phase) {
    case 'active':
      return paints.green;
    case 'booting':
    case 'registered':
      return paints.cyan;
    case 'draining':
      return paints.yellow;
    case 'gone':
    case 'default':
      return paints.dim;
  }
}

/** Stress as a bar: yellow from 0.6, red from 0.8, where Jicofo calls a bridge overloaded. */
function bar(stressRatio: number, { green, yellow, red, dim }: Paints): string {
  const filled = Math.max(0, Math.min(barWidth, Math.round(stressRatio * barWidth)));
  const paint = stressRatio >= 0.8 ? red : stressRatio >= 0.6 ? yellow : green;
  return paint('█'.repeat(filled)) + dim('·'.repeat(barWidth - filled));
}

function decisionLines(
  decision: DecisionPicture,
  columns: number,
  { dim }: Paints,
): readonly string[] {
  const head = `${decision.at.slice(11, 19)} ${decision.trigger.padEnd(13)} `;
  const text =
    decision.actions.length > 0
      ? decision.actions.join('; ')
      : `nothing to do: ${decision.reasons[0] ?? '–'}`;
  const lines = [cut(`${head}${text}`, columns)];
  if (decision.actions.length > 0) {
    const told = (reason: string): boolean =>
      decision.actions.some((action) => action.includes(reason));
    lines.push(
      ...decision.reasons
        .filter((reason) => !told(reason))
        .slice(0, 2)
        .map((reason) => dim(cut(`${' '.repeat(head.length)}${reason}`, columns))),
    );
  }
  return lines;
}

/** The last values as one line of eighth blocks, scaled to their maximum. */
export function curve(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const top = Math.max(1, ...shown);
  return shown
    .map((value) => blocks[Math.min(7, Math.floor((Math.max(0, value) / top) * 7.99))] ?? '▁')
    .join('');
}

function warn(count: number, { red, green }: Paints): string {
  return (count > 0 ? red : green)(String(count));
}

function age(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60
    ? `${whole}s`
    : `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, '0')}s`;
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(1, columns - 1))}…`;
}

function paintsOf(colour: boolean): Paints {
  const paint =
    (code: number): Paint =>
    (text) =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    green: paint(32),
    yellow: paint(33),
    cyan: paint(36),
  };
}
