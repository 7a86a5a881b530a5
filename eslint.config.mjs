import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import commentLength from 'eslint-plugin-comment-length';
import { importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The floors of `lambdas/core`, lowest first: each may import those below it, and itself. */
const floors = ['protocol', 'schedules', 'model', 'stats', 'forecast', 'demand', 'plan', 'words'];
const floorOf = (name) => `core-${name}`;

/**
 * The arrows of the architecture (docs/architecture.md): who may import whom. `local`, `test` and
 * `scripts` may import anything, `examples` packages only; everything not allowed here is refused.
 * So nothing of the product imports `local`, `arena` (the benchmark) or `test`, which are not in
 * the package.
 */
const core = ['core', ...floors.map(floorOf)];
const rooms = {
  ...Object.fromEntries(floors.map((name, index) => [floorOf(name), core.slice(1, index + 1)])),
  core,
  adapters: core,
  // What the scaler and the reader share: how the fleet is seen and shown.
  observation: [...core, 'adapters'],
  collector: [...core, 'adapters'],
  filter: [...core, 'adapters'],
  reader: [...core, 'adapters', 'observation'],
  registrar: [...core, 'adapters'],
  scaler: [...core, 'adapters', 'observation'],
  teardown: [...core, 'adapters'],
  lib: core,
  cli: [...core, 'sim'],
  sim: core,
  arena: [...core, 'sim'],
  bin: [...core, 'lib', 'cli'],
};
const functions = [
  'observation',
  'collector',
  'filter',
  'reader',
  'registrar',
  'scaler',
  'teardown',
];

/** `eslint --fix` wraps comments that are longer. */
const commentLimit = { maxLength: 100, mode: 'compact-on-overflow', ignoreCommentsWithCode: false };

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', 'dist*', '.local', 'coverage', 'test/fixtures'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { boundaries, 'import-x': importX },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
      'import-x/resolver': { node: { extensions: ['.ts', '.d.ts', '.js', '.json'] } },
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/external-module-folders': ['node_modules'],
      // Whole paths, so that `test/sim` is a room of the tests; the first that fits counts.
      'boundaries/elements': [
        ...floors.map((name) => ({
          type: floorOf(name),
          pattern: `lambdas/core/${name}/**/*`,
          mode: 'full',
        })),
        { type: 'core', pattern: 'lambdas/core/**/*', mode: 'full' },
        ...['adapters', ...functions].map((type) => ({
          type,
          pattern: `lambdas/${type}/**/*`,
          mode: 'full',
        })),
        { type: 'arena', pattern: 'sim/arena/**/*', mode: 'full' },
        ...['lib', 'cli', 'sim', 'bin', 'local', 'test', 'scripts', 'examples'].map((type) => ({
          type,
          pattern: `${type}/**/*`,
          mode: 'full',
        })),
      ],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'boundaries/element-types': [
        'error',
        {
          default: 'disallow',
          rules: [
            ...Object.entries(rooms).map(([from, allow]) => ({ from, allow: [from, ...allow] })),
            { from: ['local', 'test', 'scripts'], allow: ['*'] },
          ],
        },
      ],
      'boundaries/external': [
        'error',
        {
          default: 'allow',
          rules: [
            { from: core, disallow: ['**'] },
            // Both are pure. The second says what a mistyped name was meant to be, in the config
            // (lib) and in commands, which share nothing but core.
            { from: core, allow: ['zod', 'fastest-levenshtein'] },
          ],
        },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    // The command line reads config files too, and must not load the CDK for it.
    files: ['lib/config/**', 'cli/**', 'bin/jitsi-bridges.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag'],
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.{mjs,cjs}'], languageOptions: { globals: globals.node } },
  {
    plugins: { 'comment-length': commentLength },
    rules: {
      'comment-length/limit-single-line-comments': ['error', commentLimit],
      'comment-length/limit-multi-line-comments': ['error', commentLimit],
    },
  },
);
