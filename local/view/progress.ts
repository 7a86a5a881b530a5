/**
 * Prints each step with the seconds since the start; details (indented steps) only on a terminal,
 * on one line.
 */
export function progressPrinter(out: NodeJS.WriteStream): (step: string) => void {
  const start = Date.now();
  return (step) => {
    const seconds = `${((Date.now() - start) / 1000).toFixed(0).padStart(3)}s`;
    if (!step.startsWith(' ')) {
      out.write(`${out.isTTY ? '\r\u001b[K' : ''}${seconds}  ${step}\n`);
    } else if (out.isTTY) {
      out.write(`\r\u001b[K${seconds}  ${step.slice(0, Math.max(20, out.columns - 8))}`);
    }
  };
}
