#!/usr/bin/env node
// TypeScript without a build step: tsx compiles what the command needs as it is loaded.
require('tsx/cjs');
require('./bridges.ts').run();
