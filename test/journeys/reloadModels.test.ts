import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defaultFolders } from '../../app/paths.ts'
import { parseConfig } from '../../core/config.ts'
import { startQuietly } from '../support/quietJourney.ts'

const folder = mkdtempSync(join(tmpdir(), 'forewarn-reload-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('loads newly trained models while running, and keeps the old ones where the new are damaged', async () => {
  const models = join(folder, 'models')
  cpSync(defaultFolders.models, models, { recursive: true })
  const journey = await startQuietly(
    parseConfig({
      data: { folder: join(folder, 'data') },
      models: { folder: models },
      mqtt: { port: 0 },
      http: { port: 0 },
    }),
  )
  try {
    await journey.reloadModels()
    const loaded = (await journey.summary()).scoring.models
    expect(loaded.map((m) => `${m.assetType} ${m.kind}`)).toContain('pump forecaster')

    const weights = join(models, 'pump', 'forecaster', 'weights.bin')
    const bytes = readFileSync(weights)
    bytes[200]! ^= 4
    writeFileSync(weights, bytes)
    await expect(journey.reloadModels()).rejects.toThrow(/damaged/)
    expect((await journey.summary()).scoring.models).toEqual(loaded)
  } finally {
    await journey.close()
  }
}, 90_000)
