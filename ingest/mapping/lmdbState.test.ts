import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMappingState } from './lmdbState.ts'
import { memoryState } from './state.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-mapping-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const kept = new Map<string, unknown>()

describe.each([
  ['in lmdb', () => openMappingState(join(folder, 'state'))],
  ['in memory', () => memoryState(kept)],
])('mapping state %s', (_name, open) => {
  beforeEach(() => kept.clear())

  it('is as it was left, by prefix, the last value of a key, not-a-number included', async () => {
    const state = open()
    const long = `node/${'g'.repeat(900)}`
    await Promise.all([
      state.save([
        ['held/p1', [[1, Number.NaN]]],
        ['held/p2', 1],
      ]),
      state.save([
        ['held/p1', [[2, 3]]],
        [long, { seq: 3 }],
      ]),
      state.save([['held/p2', undefined]]),
      state.save([]),
    ])
    await state.save([['held/é', [[1, Number.NaN]]]])
    await state.close()
    const again = open()
    expect(new Map(again.entries('held/'))).toEqual(
      new Map<string, unknown>([
        ['held/p1', [[2, 3]]],
        ['held/é', [[1, Number.NaN]]],
      ]),
    )
    expect([...again.entries('node/')]).toEqual([[long, { seq: 3 }]])
    expect([...again.entries('birth/')]).toEqual([])
    await again.close()
  })
})

describe('mapping state in lmdb', () => {
  it('says what to do where its file is damaged', async () => {
    await openMappingState(folder).close()
    for (const file of readdirSync(folder)) writeFileSync(join(folder, file), 'not lmdb')
    expect(() => openMappingState(folder)).toThrow(
      expect.objectContaining({
        code: 'MAPPING_STATE_DAMAGED',
        details: expect.objectContaining({ folder }),
      }),
    )
  })
})
