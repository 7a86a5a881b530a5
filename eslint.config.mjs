import js from '@eslint/js';
import boundaries from 'eslint-plugin-boundaries';
import commentLength from 'eslint-plugin-comment-length';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/**
 * The arrows of the architecture (docs/architecture.md): who may import whom. `test` and `scripts`
 * may import anything; everything not allowed here is refused.
 */
const rooms = {
  core: [],
  adapters: ['core'],
  lambdas: ['core', 'adapters'],
  lib: ['core'],
  cli: ['core', 'sim'],
  sim: ['core'],
  bin: ['lib', 'cli'],
};

/** `eslint --fix` wraps comments that are longer. */
const commentLimit = { maxLength: 100, mode: 'compact-on-overflow', ignoreCommentsWithCode: false };

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
      'boundaries/elements': [
        { type: 'core', pattern: 'lambdas/core', mode: 'folder' },
        { type: 'adapters', pattern: 'lambdas/adapters', mode: 'folder' },
        { type: 'lambdas', pattern: 'lambdas/*', mode: 'folder', capture: ['name'] },
        ...['lib', 'cli', 'sim', 'bin', 'local', 'test', 'scripts'].map((type) => ({
          type,
          pattern: type,
          mode: 'folder',
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
  {
    plugins: { 'comment-length': commentLength },
    rules: {
      'comment-length/limit-single-line-comments': ['error', commentLimit],
      'comment-length/limit-multi-line-comments': ['error', commentLimit],
    },
  },
);
