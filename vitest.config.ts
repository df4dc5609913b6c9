import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Public data sets lie beside the project; where they do, the tests that need them run. */
const besideUs = fileURLToPath(new URL('../shared/data', import.meta.url))
const data = process.env.FOREWARN_DATA ?? (existsSync(besideUs) ? besideUs : undefined)

export default defineConfig({
  test: {
    include: ['{core,ingest,models,alerts,edge,app,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/services/**', 'test/faults/services/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    env: data === undefined ? {} : { FOREWARN_DATA: data },
    reporters: ['default', './test/closingLine.ts'],
  },
})
