/**
 * Bundles the command line (bin/jitsi-bridges.ts) into a folder, in parts that are loaded when
 * they are needed. JavaScript, since in a clone the launcher calls it at every start, before
 * TypeScript can be run.
 */
const fs = require('node:fs');
const { tmpdir } = require('node:os');
const { basename, join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const entry = 'jitsi-bridges.mjs';
const noteOfInputs = 'inputs.json';

/** What CommonJS modules in an ES module's bundle expect to find. */
const commonJs = [
  "import { createRequire as createRequire__ } from 'node:module';",
  "import { fileURLToPath as fileURLToPath__ } from 'node:url';",
  "import { dirname as dirname__ } from 'node:path';",
  'const require = createRequire__(import.meta.url);',
  'const __filename = fileURLToPath__(import.meta.url);',
  'const __dirname = dirname__(__filename);',
].join('\n');

/** @returns {import('esbuild').Metafile} what went into the bundle */
function bundleCommand(folder) {
  const { outputFiles, metafile } = require('esbuild').buildSync({
    absWorkingDir: root,
    entryPoints: ['bin/jitsi-bridges.ts'],
    outdir: 'dist/bin',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    // Half as much to read at each start; names stay, for stack traces.
    minifySyntax: true,
    minifyWhitespace: true,
    banner: { js: commonJs },
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  fs.mkdirSync(folder, { recursive: true });
  // The entry comes last: it names the other parts, whose names say what is in them.
  const isEntry = ({ path }) => basename(path) === entry;
  for (const { path, contents } of outputFiles.toSorted((a, b) => isEntry(a) - isEntry(b)))
    writeWhole(join(folder, basename(path)), contents);
  const own = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
  const noted = ['package-lock.json', 'scripts/build/bundle-command.cjs', ...own];
  const states = Object.fromEntries(noted.map((path) => [path, stateOf(path)]));
  writeWhole(join(folder, noteOfInputs), JSON.stringify(states));
  return metafile;
}

/**
 * The bundle of a clone, made anew when a source has changed since.
 * @returns {string} path of the module that exports `run`
 */
function freshCommand() {
  const folder = join(root, 'dist/bin');
  if (isFresh(folder)) return join(folder, entry);
  const target = isWritable(folder) ? folder : folderOfThisProcess();
  bundleCommand(target);
  return join(target, entry);
}

function isFresh(folder) {
  try {
    const noted = JSON.parse(fs.readFileSync(join(folder, noteOfInputs), 'utf8'));
    return Object.entries(noted).every(([path, state]) => stateOf(path) === state);
  } catch {
    return false;
  }
}

function stateOf(path) {
  const { mtimeMs, size } = fs.statSync(join(root, path));
  return `${mtimeMs} ${size}`;
}

function folderOfThisProcess() {
  const folder = fs.mkdtempSync(join(tmpdir(), 'jitsi-bridges-'));
  process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Root may have made the folder, as with `sudo npm start`. */
function isWritable(folder) {
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Another start may be reading, or writing the same. */
function writeWhole(path, contents) {
  const beside = `${path}.${process.pid}`;
  fs.writeFileSync(beside, contents);
  fs.renameSync(beside, path);
}

module.exports = { bundleCommand, freshCommand };
