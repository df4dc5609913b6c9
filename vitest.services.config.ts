import { defineConfig } from 'vitest/config'

/** Suites against real servers (Debian's redis-server and influxdb): one file after the other. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts', 'test/faults/services/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    reporters: ['default', './test/closingLine.ts'],
  },
})
