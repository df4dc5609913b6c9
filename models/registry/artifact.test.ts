import { cp, mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { press, trainPress } from '../../test/properties/tinyAsset.ts'
import { buildForecaster } from '../architectures/forecaster.ts'
import { outputsOf } from '../scoring/infer.ts'
import { writeAsset } from '../training/trainAsset.ts'
import { checkArtifact, loadArtifact } from './artifact.ts'
import { verifyArtifacts } from './verify.ts'

let root: string
let whole: string
let folder: string
let expected: Float32Array
let input: { data: Float32Array; width: number }

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'forewarn-artifact-'))
  const trained = await trainPress()
  whole = join(root, 'whole', press.name)
  // One network is what training gives; the format holds several.
  const { architecture } = trained.drafts.forecaster!
  const members = [...trained.forecaster!.members, buildForecaster(architecture, 9)]
  const forecaster = { ...trained.drafts.forecaster!, architecture: { ...architecture, members: 2 } }
  await writeAsset(whole, {
    ...trained,
    forecaster: { ...trained.forecaster!, members },
    drafts: { ...trained.drafts, forecaster },
  })
  const width = trained.forecaster!.spec.normalisation.mean.length
  input = { data: Float32Array.from({ length: 3 * width }, (_, i) => Math.sin(i)), width }
  expected = outputsOf(members[1]!, input)
})

afterAll(() => rm(root, { recursive: true, force: true }))

beforeEach(async () => {
  folder = join(root, 'copy', press.name)
  await rm(folder, { recursive: true, force: true })
  await cp(whole, folder, { recursive: true })
})

const check = () => checkArtifact(join(folder, 'forecaster'), press.name, 'forecaster')
const damaged = (problem: RegExp) => ({ code: 'ARTIFACT_DAMAGED', message: expect.stringMatching(problem) })

async function flip(file: string, place: number) {
  const path = join(folder, 'forecaster', file)
  const bytes = await readFile(path)
  bytes[place]! ^= 1
  await writeFile(path, bytes)
}

describe('an artifact', () => {
  it('comes back with the same weights', async () => {
    const artifact = await loadArtifact(join(folder, 'forecaster'), press.name, 'forecaster')
    expect(artifact.members.length).toBe(2)
    expect(outputsOf(artifact.members[1]!, input)).toEqual(expected)
    expect(artifact.manifest.metrics.outOfFoldRmseCapped).toBeGreaterThan(0)
    artifact.dispose()
  })

  it('is verified without being built', async () => {
    const found = await verifyArtifacts(folder)
    expect(found.map((f) => f.kind)).toEqual(['forecaster', 'autoencoder'])
    expect(found[0]!.hash).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is refused with one bit of its weights flipped', async () => {
    await flip('weights.bin', 100)
    await expect(check()).rejects.toMatchObject(damaged(/sha256 of weights\.bin/))
  })

  it('is refused with its weights truncated', async () => {
    await truncate(join(folder, 'forecaster', 'weights.bin'), 64)
    await expect(check()).rejects.toMatchObject(damaged(/has 64 bytes, the manifest says \d+/))
  })

  it('is refused with a file missing', async () => {
    await unlink(join(folder, 'forecaster', 'weights.bin'))
    await expect(check()).rejects.toMatchObject(damaged(/weights\.bin cannot be read/))
    await unlink(join(folder, 'forecaster', 'manifest.json'))
    await expect(check()).rejects.toMatchObject(damaged(/manifest\.json cannot be read/))
  })

  it('is refused with a number of its manifest changed', async () => {
    const path = join(folder, 'forecaster', 'manifest.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"seed": 1', '"seed": 2'))
    await expect(check()).rejects.toMatchObject(damaged(/checksum/))
  })

  it('is refused with a manifest that is not JSON, or lacks something', async () => {
    const path = join(folder, 'forecaster', 'manifest.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.slice(0, 200))
    await expect(check()).rejects.toMatchObject(damaged(/not JSON/))
    await writeFile(path, text.replace('"rulCap"', '"rulcap"'))
    await expect(check()).rejects.toMatchObject(damaged(/not valid at/))
  })

  it('is refused in the place of another', async () => {
    await expect(checkArtifact(join(folder, 'forecaster'), 'pump', 'forecaster')).rejects.toMatchObject(
      damaged(/trained for press, not pump/),
    )
    await expect(checkArtifact(join(folder, 'autoencoder'), press.name, 'forecaster')).rejects.toMatchObject(
      damaged(/is a autoencoder, not a forecaster/),
    )
  })

  it('is missing where there is no folder', async () => {
    await expect(verifyArtifacts(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' })
  })
})
