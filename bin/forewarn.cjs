#!/usr/bin/env node
'use strict'
// A CommonJS launcher: the size of libuv's thread pool must be set before the first module is evaluated, and ES
// modules are too late for that. Four long queries would otherwise delay acknowledgements by more than a second.
process.env.UV_THREADPOOL_SIZE ??= '16'
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const entry = join(__dirname, '..', 'dist', 'app', 'cli.js')
if (!existsSync(entry)) {
  console.error(
    'Forewarn is not built yet. Run `npm run build` (or `npm run demo`, which does it by itself).',
  )
  process.exit(1)
}
import(pathToFileURL(entry).href)
