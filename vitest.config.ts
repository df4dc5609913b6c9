import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,ingest,models,alerts,edge,app,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/services/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    reporters: ['default', './test/closingLine.ts'],
  },
})
