import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describePower } from './library.ts'
import { type Cut, untilCut } from './untilCut.ts'

/* The library on trial: it must take what was not synced, and must not take what was. */

const script = fileURLToPath(new URL('./writers/file.mjs', import.meta.url))
const blockBytes = 1000

describePower('a power cut', (library) => {
  let parent: string
  let folder: string
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'forewarn-power-'))
    folder = join(parent, 'data')
    mkdirSync(folder)
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  const cut = async (mode: string, over: Partial<Cut> = {}) => {
    const settings = { library, syncMs: 2, cutAtSync: 20, ...over }
    const lines = await untilCut({ script, args: [folder, mode], folder, ...settings })
    return lines.map(Number)
  }
  const blocks = () => {
    const bytes = readFileSync(join(folder, 'blocks'))
    return Array.from({ length: bytes.length / blockBytes }, (_, i) =>
      bytes.subarray(i * blockBytes, (i + 1) * blockBytes).equals(Buffer.alloc(blockBytes, String(i % 10))),
    )
  }

  it('takes what was acknowledged before its sync', async () => {
    const acknowledged = await cut('early')
    expect(acknowledged).toEqual(Array.from({ length: 19 }, (_, i) => i))
    expect(blocks()).toEqual(Array.from({ length: 18 }, () => true))
  })

  it.each(['synced', 'opened'])('leaves what was acknowledged after its sync: %s', async (mode) => {
    const at = mode === 'opened' ? { cutAtSync: 0, afterLines: 20 } : {}
    const acknowledged = await cut(mode, at)
    expect(acknowledged.length).toBeGreaterThan(10)
    const there = blocks()
    expect(there.length).toBeGreaterThanOrEqual(acknowledged.length)
    expect(there.slice(0, acknowledged.length)).not.toContain(false)
  })

  it('comes at any time', async () => {
    const acknowledged = await cut('synced', { cutAtSync: 0, afterLines: 1, afterMs: 60 })
    expect(blocks().length - acknowledged.length).toBeGreaterThanOrEqual(0)
    expect(blocks().length - acknowledged.length).toBeLessThanOrEqual(1)
  })

  it('takes a new name whose folder was not synced, and leaves one whose folder was', async () => {
    expect((await cut('named')).length).toBe(19)
    expect(readdirSync(folder)).toEqual([])
    const placed = await cut('placed')
    expect(readdirSync(folder)).toHaveLength(placed.length)
  })

  it('takes a rename whose folder was not synced: the old file is there again', async () => {
    writeFileSync(join(folder, 'block'), 'as it was')
    await cut('moved')
    expect(readdirSync(folder)).toEqual(['block'])
    expect(readFileSync(join(folder, 'block'), 'utf8')).toBe('as it was')
  })

  it('lets some of the unsynced survive, by its seed', async () => {
    const survivors = async (seed: number) => {
      rmSync(join(folder, 'blocks'), { force: true })
      await cut('unsynced', { cutAtSync: 0, afterLines: 50, survival: { seed } })
      return blocks()
    }
    const draws = [await survivors(1), await survivors(2), await survivors(3), await survivors(4)]
    const mixed = draws.filter((draw) => draw.includes(true) && draw.includes(false))
    expect(mixed.length).toBeGreaterThan(0)
  })
})
