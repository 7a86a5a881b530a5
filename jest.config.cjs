/**
 * Tests mirror the tree: `test/X/y.test.ts` tests `X/y.ts`. Those that need root and machines end
 * in `.e2e.test.ts`.
 */
// The SDK's note about coming Node versions would stand between the tests' results.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const transform = {
  '^.+\\.[cm]?[jt]sx?$': [
    'ts-jest',
    {
      // Types are checked by `npm run typecheck`, tests included; Jest only has to load the files.
      tsconfig: {
        module: 'commonjs',
        moduleResolution: 'node10',
        target: 'ES2022',
        esModuleInterop: true,
        isolatedModules: true,
        allowJs: true,
        ignoreDeprecations: '5.0',
      },
      diagnostics: false,
    },
  ],
};

module.exports = {
  testEnvironment: 'node',
  // A test waits for a condition and ends with it; this only ends one that hangs. So no test fails
  // because the machine is slow.
  testTimeout: 1_800_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform,
  // With --coverage, as `npm test` runs the tests of the decision: every branch of it is tested.
  collectCoverageFrom: ['lambdas/core/**/*.ts'],
  coverageThreshold: { global: { branches: 100 } },
  coverageReporters: [['text', { skipFull: true }]],
  // These ship as ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!(@xmpp|ltx|xmpp)/)'],
};
