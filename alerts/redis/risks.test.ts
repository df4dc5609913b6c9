import { describe, expect, it } from 'vitest'
import { readInfo } from './facts.ts'
import { findRisks } from './risks.ts'

const careful = readInfo(
  '# Server\r\nredis_version:7.0.15\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n# Persistence\r\naof_enabled:1\r\n# Replication\r\nconnected_slaves:2\r\nmin_slaves_good_slaves:2\r\n',
)
const found = (changes: Partial<typeof careful>, kind: 'single' | 'sentinel' | 'cluster' = 'single') =>
  findRisks(kind, [{ name: 'r:1', info: { ...careful, ...changes } }])

describe('what a Redis server may lose', () => {
  it('is nothing where it keeps what it is given', () => {
    expect(careful).toEqual({
      version: '7.0.15',
      policy: 'noeviction',
      appendOnly: true,
      replicas: 2,
      needsReplica: true,
    })
    for (const kind of ['single', 'sentinel', 'cluster'] as const) expect(found({}, kind)).toEqual([])
  })

  it('is everything where it evicts, which comes first', () => {
    expect(found({ policy: 'allkeys-lru', appendOnly: false })).toEqual([
      {
        level: 'problem',
        problem: expect.stringContaining('allkeys-lru'),
        setting: 'set maxmemory-policy noeviction',
      },
      { level: 'warning', problem: expect.stringContaining('appendonly no'), setting: 'set appendonly yes' },
    ])
  })

  it('is what a failover loses where a master needs no replica', () => {
    const unguarded = { needsReplica: false }
    const warning = [{ level: 'warning', setting: expect.stringContaining('min-replicas-to-write 1') }]
    expect(found(unguarded, 'sentinel')).toMatchObject(warning)
    expect(found(unguarded, 'cluster')).toMatchObject(warning)
    expect(found({ ...unguarded, replicas: 0 }, 'cluster')).toEqual([])
    expect(found(unguarded)).toEqual([])
  })

  it('is not known where INFO is forbidden or hides it', () => {
    const unknown = [{ level: 'warning', problem: expect.stringContaining('could not be checked') }]
    expect(findRisks('single', [{ name: 'r:1' }])).toMatchObject(unknown)
    expect(found({ policy: undefined, appendOnly: undefined })).toMatchObject(unknown)
  })

  it('is all streams before Redis 5; Valkey counts by its own version', () => {
    expect(found({ version: '4.0.9' })).toMatchObject([{ level: 'problem' }])
    expect(readInfo('redis_version:7.2.4\nvalkey_version:8.1.0').version).toBe('8.1.0')
  })
})
