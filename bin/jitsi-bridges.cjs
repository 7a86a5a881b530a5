#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

// The SDK's note about coming Node versions is for developers, not for operators.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// The package has the program bundled. A clone has its sources, and bundles them when they have
// changed.
const isClone = existsSync(join(__dirname, 'jitsi-bridges.ts'));
const program = isClone
  ? require('../scripts/build/bundle-command.cjs').freshCommand()
  : join(__dirname, '../dist/bin/jitsi-bridges.mjs');
import(pathToFileURL(program)).then(({ run }) => run());
