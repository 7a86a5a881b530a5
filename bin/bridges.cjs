#!/usr/bin/env node
// The SDK's note about coming Node versions is for developers, not for operators.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
// TypeScript without a build step: tsx compiles what the command needs as it is loaded.
require('tsx/cjs');
require('./bridges.ts').run();
