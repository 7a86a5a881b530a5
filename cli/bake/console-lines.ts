/** What `userdata/bridge/boot.sh` writes before each of its lines. */
const mark = 'jitsi-bridges: ';

/**
 * What boot.sh says on the console, oldest first. Printable ASCII only: it goes to the operator's
 * terminal.
 */
export function consoleLines(console: string): readonly string[] {
  return console.split(/[\r\n]+/).flatMap((line) => {
    const start = line.indexOf(mark);
    return start < 0
      ? []
      : [
          line
            .slice(start + mark.length)
            .replace(/[^\x20-\x7e]/g, '')
            .trim(),
        ];
  });
}

/** Whether the software is on the disk, all of it. */
export function isBaked(lines: readonly string[]): boolean {
  return lines.includes('baked');
}

/** The line that tells which stage failed. */
export function failureOf(lines: readonly string[]): string | undefined {
  return lines.find((line) => line.startsWith('FAILED '));
}
