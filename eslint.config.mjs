import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The arrows of the architecture (docs/architecture.md): who may import whom. `local`, `test` and
 * `scripts` may import anything; everything not allowed here is refused. So nothing of the product
 * imports `local`, `arena` (the benchmark) or `test`, which are not in the package.
 */
const rooms = {
  core: [],
  adapters: ['core'],
  lambdas: ['core', 'adapters'],
  lib: ['core'],
  cli: ['core', 'sim'],
  sim: ['core'],
  arena: ['core', 'sim'],
  bin: ['lib', 'cli'],
};

export default tseslint.config(
  { ignores: ['node_modules', 'cdk.out', '.local', 'coverage', 'test/fixtures'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    plugins: { boundaries },
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.js', '.json'] } },
      // Whole paths, so that `test/sim` is a room of the tests; the first that fits counts.
      'boundaries/elements': [
        { type: 'core', pattern: 'lambdas/core/**/*', mode: 'full' },
        { type: 'adapters', pattern: 'lambdas/adapters/**/*', mode: 'full' },
        { type: 'arena', pattern: 'sim/arena/**/*', mode: 'full' },
        ...['lambdas', 'lib', 'cli', 'sim', 'bin', 'local', 'test', 'scripts'].map((type) => ({
          type,
          pattern: `${type}/**/*`,
          mode: 'full',
        })),
      ],
    },
    rules: {
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
            { from: ['core'], disallow: ['**'] },
            // Both are pure. The second says what a mistyped name was meant to be, in the config (lib) and
            // in commands, which share nothing but core.
            { from: ['core'], allow: ['zod', 'fastest-levenshtein'] },
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
  { files: ['**/*.{mjs,cjs}'], languageOptions: { globals: globals.node } },
);
