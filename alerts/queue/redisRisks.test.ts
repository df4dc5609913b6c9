import { expect, it } from 'vitest'
import { redisRisks } from './redisRisks.ts'

const info = (policy: string, aof: string) =>
  `# Memory\r\nused_memory:1\r\nmaxmemory_policy:${policy}\r\n# Persistence\r\naof_enabled:${aof}\r\naof_rewrite_in_progress:0\r\n`

it('finds nothing in a server that keeps what it is given, or tells nothing', () => {
  expect(redisRisks(info('noeviction', '1'))).toEqual([])
  expect(redisRisks('')).toEqual([])
})

it('names eviction and missing persistence with the way out', () => {
  expect(redisRisks(info('allkeys-lru', '0'))).toEqual([
    expect.stringContaining('maxmemory-policy noeviction, not allkeys-lru'),
    expect.stringContaining('appendonly yes'),
  ])
})
