import type {
  BridgeStatus,
  CommandFailure,
  CommandReply,
  FleetCounts,
  Reply,
} from '../lambdas/core/protocol/reply';

type Paint = (text: string) => string;
interface Paints {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
}

/**
 * A reply of the scaler as text for people; `colour` adds terminal colours and changes nothing
 * else.
 */
export function renderReply(reply: Reply, colour: boolean): string {
  const paints = paintsOf(colour);
  const lines = reply.ok ? replyLines(reply, paints) : failureLines(reply, paints);
  return `${lines.join('\n')}\n`;
}

function replyLines(reply: CommandReply, { bold, dim, yellow }: Paints): string[] {
  const changed = JSON.stringify(reply.before) !== JSON.stringify(reply.after);
  return [
    `${bold('fleet')}  ${counts(reply.after)}${changed ? dim(`   (was ${counts(reply.before)})`) : ''}`,
    ...(reply.load === undefined ? [] : [`${bold('load')}   ${reply.load.toFixed(2)} bridges`]),
    ...(reply.overrides ?? []).map(({ text, until }) =>
      yellow(`override  ${text}, until ${until}`),
    ),
    ...(reply.schedules ?? []).map(({ name, text, state }) =>
      state === 'next' ? dim(`next      ${name}: ${text}`) : `schedule  ${name}: ${text}`,
    ),
    ...(reply.bridges === undefined ? [] : ['', ...bridgeTable(reply.bridges, bold)]),
    ...lastProblems(reply).map((text) => yellow(text)),
    ...(reply.actions.length === 0 ? [] : ['', ...reply.actions.map(({ text }) => `→ ${text}`)]),
    ...reply.reasons.map(({ text }) => dim(`  because ${text}`)),
  ];
}

/** What the newest decision could not carry out, as `status` shows it: in EC2's words. */
function lastProblems({ lastDecision }: CommandReply): readonly string[] {
  if (lastDecision === undefined) return [];
  const problems = lastDecision.actions.filter(
    ({ status }) => status === 'failed' || status === 'partial',
  );
  const time = lastDecision.time.slice(11, 19);
  return problems.map(({ text }) => `problem   ${time} UTC: ${text}`);
}

function failureLines({ error }: CommandFailure, { red }: Paints): string[] {
  return [
    `${red(error.code)}: ${error.message.startsWith(`${error.field}:`) ? '' : `${error.field}: `}${error.message}`,
    'Nothing was changed.',
  ];
}

function counts({ wanted, booting, active, draining }: FleetCounts): string {
  return `wanted ${wanted}: ${active} active, ${booting} booting, ${draining} draining`;
}

/** One row per bridge, columns padded to their widest cell. */
export function bridgeTable(bridges: readonly BridgeStatus[], bold: Paint): string[] {
  if (bridges.length === 0) return ['no bridges'];
  const rows = bridges.map((bridge) => [
    bridge.instanceId,
    bridge.phase,
    bridge.stressRatio?.toFixed(2) ?? '–',
    bridge.participantCount?.toString() ?? '–',
    bridge.conferenceCount?.toString() ?? '–',
    bridge.reportAgeSeconds === undefined ? '–' : `${Math.round(bridge.reportAgeSeconds)}s ago`,
    bridge.registered ? 'yes' : 'no',
    bridge.instanceType,
    bridge.zone,
  ]);
  const head = [
    'bridge',
    'phase',
    'stress',
    'people',
    'calls',
    'report',
    'registered',
    'type',
    'zone',
  ];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [bold(line(head)), ...rows.map(line)];
}

function paintsOf(colour: boolean): Paints {
  const paint =
    (code: number): Paint =>
    (text) =>
      colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return { bold: paint(1), dim: paint(2), red: paint(31), yellow: paint(33) };
}
