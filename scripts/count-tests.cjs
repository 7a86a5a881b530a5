/**
 * Prints `N passed, N failed` over the reports in a directory: *.json of Jest, *.tap of Bats. A
 * suite that could not even be loaded counts as one failed test. Fails when there was no test at
 * all.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const directory = process.argv[2] ?? '.';
let passed = 0;
let failed = 0;
for (const name of readdirSync(directory)) {
  const text = readFileSync(join(directory, name), 'utf8');
  if (name.endsWith('.json')) {
    const report = JSON.parse(text);
    passed += report.numPassedTests;
    failed += report.numFailedTests + report.numRuntimeErrorTestSuites;
  } else if (name.endsWith('.tap')) {
    passed += text.match(/^ok /gm)?.length ?? 0;
    failed += text.match(/^not ok /gm)?.length ?? 0;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed + failed === 0 ? 1 : 0;
