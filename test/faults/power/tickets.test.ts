import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPglite } from '../../../alerts/pglite/pglite.ts'
import { describePower } from './library.ts'
import { type Cut, untilCut } from './untilCut.ts'

const script = fileURLToPath(new URL('./writers/tickets.ts', import.meta.url))
const table = 'CREATE TABLE IF NOT EXISTS public.thing (id int PRIMARY KEY, body text)'

describePower('the embedded ticket database through power cuts', (library) => {
  const parent = mkdtempSync(join(tmpdir(), 'forewarn-power-'))
  const template = join(parent, 'template')
  afterAll(() => rmSync(parent, { recursive: true, force: true }))
  beforeAll(async () => {
    const { pool, close } = await openPglite({ folder: template })
    await pool.query(table)
    await close()
  }, 120_000)

  /** A folder that has the closed database in `pg`. */
  const copy = (name: string): string => {
    const folder = join(parent, name)
    cpSync(template, join(folder, 'pg'), { recursive: true })
    return folder
  }

  /** Rows whose commit was awaited and that are not there; every one of them where nothing can be opened. */
  const lostIn = async (folder: string, how: string, cut: Partial<Cut>) => {
    const args = [join(folder, 'pg'), how]
    const committed = (await untilCut({ script, args, folder, library, ...cut })).map(Number)
    expect(committed.length).toBeGreaterThan(0)
    const there = new Set(await idsIn(join(folder, 'pg')).catch(() => []))
    return committed.filter((id) => !there.has(id))
  }

  it('keeps every committed row', async () => {
    const folder = copy('durable')
    for (let round = 0; round < 3; round++) {
      const survival = round === 0 ? 'synced only' : { seed: round }
      const afterMs = Math.floor(Math.random() * 400)
      const lost = await lostIn(folder, 'as it is', { afterLines: 5, afterMs, syncMs: 1, survival })
      expect({ round, lost }).toEqual({ round, lost: [] })
    }
  }, 180_000)

  it('tells one that does not sync: PGlite as it comes', async () => {
    const lost = await lostIn(copy('early'), 'as PGlite comes', { afterLines: 50 })
    expect(lost.length).toBeGreaterThan(0)
  }, 120_000)

  it('is made whole or not at all', async () => {
    const folder = join(parent, 'made')
    mkdirSync(folder)
    const cut = { library, folder, cutAtSync: 300, survival: { seed: 2 } }
    expect(await untilCut({ script, args: [join(folder, 'pg'), 'as it is'], ...cut })).toEqual([])
    expect(await idsIn(join(folder, 'pg'))).toEqual([])
  }, 180_000)
})

async function idsIn(folder: string): Promise<number[]> {
  const { pool, close } = await openPglite({ folder })
  try {
    await pool.query(table)
    const { rows } = await pool.query<{ id: number }>('SELECT id FROM public.thing ORDER BY id')
    return rows.map(({ id }) => id)
  } finally {
    await close()
  }
}
