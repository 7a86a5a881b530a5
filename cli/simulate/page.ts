import { escapeText } from '../../sim/chart/escape-text';
import { busiestDayOf, chart, wholeOf } from './chart';
import { columnsOf, headline } from './render-table';
import type { Simulation } from './report';

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 1000px; padding: 24px 16px 48px; color: #24292f; background: #ffffff; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 28px 0 6px; }
p { margin: 0 0 16px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid #e4e7eb; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; padding-left: 0; }
th { font-weight: 600; }
svg { display: block; width: 100%; height: auto; margin: 20px 0; }
.soft, li { color: #57606a; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117; }
  th, td { border-color: #30363d; }
  .soft, li { color: #9198a1; }
}
`;

/**
 * The whole simulation as one HTML file that needs nothing else: no script, no font, no network.
 */
export function page(simulation: Simulation): string {
  const { report } = simulation;
  const columns = columnsOf(report);
  const row = (tag: 'th' | 'td', cells: readonly string[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join('')}</tr>`;
  const day = busiestDayOf(simulation);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(`What if: fleet ${report.fleet}`)}</title>
<style>${style}</style>
</head>
<body>
<h1>What if: fleet ${escapeText(report.fleet)}</h1>
<p class="soft">${escapeText(headline(report))}</p>
<div class="table"><table>
<thead>${row(
    'th',
    columns.map(([title]) => title),
  )}</thead>
<tbody>
${report.controllers
  .map((controller) =>
    row(
      'td',
      columns.map(([, cell]) => cell(controller)),
    ),
  )
  .join('\n')}
</tbody>
</table></div>
${chart(simulation, wholeOf(simulation))}
${day === undefined ? '' : chart(simulation, day)}
<h2>How to read this</h2>
<ul>
<li>With egress: the cost of the bridges and of what they send to participants.</li>
<li>Stress above 0.8: share of the time of all participants that they spent on a bridge that Jicofo calls overloaded. Above 1.0 media suffers.</li>
${report.notes.map((note) => `<li>${escapeText(note)}</li>`).join('\n')}
</ul>
</body>
</html>
`;
}
