import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../core/clock.ts'
import { checkVersion } from '../../models/registry/versions/checkVersion.ts'
import { createFileRegistry } from '../../models/registry/versions/fileRegistry.ts'
import { press, pressArtifacts } from '../properties/tinyAsset.ts'
import { modelRegistryContract, type RegistryUnderTest } from './modelRegistry.suite.ts'

let trained: readonly [string, string, string]
const made: string[] = []

beforeAll(async () => {
  trained = [await pressArtifacts(1), await pressArtifacts(2), await pressArtifacts(3)]
})

afterAll(() => {
  for (const folder of [...made, ...trained]) rmSync(folder, { recursive: true, force: true })
})

async function make(): Promise<RegistryUnderTest & { folder: string }> {
  const root = mkdtempSync(join(tmpdir(), 'forewarn-registry-'))
  made.push(root)
  const parts = { folder: join(root, 'registry'), baseFolder: join(root, 'base'), clock: systemClock }
  cpSync(trained[0], parts.baseFolder, { recursive: true })
  const folders = trained.map((folder) => join(folder, press.name)) as unknown as RegistryUnderTest['folders']
  const hashes = await Promise.all(
    folders.map(async (folder) => (await checkVersion(folder, press.name)).hash),
  )
  return {
    folder: parts.folder,
    registry: createFileRegistry(parts),
    other: () => createFileRegistry(parts),
    folders,
    hashes: hashes as unknown as RegistryUnderTest['hashes'],
    assetType: press.name,
  }
}

modelRegistryContract('folder', make)

describe('the registry in a folder', () => {
  const by = { actor: 'ada', reason: 'a test' }
  const journalOf = ({ folder }: { folder: string }) => join(folder, press.name, 'journal.jsonl')

  it('goes on after a crash that cut its last line off', async () => {
    const test = await make()
    await test.registry.register(press.name, test.folders[1], by)
    await test.registry.decide(press.name, { action: 'challenged', hash: test.hashes[1], ...by })
    const file = journalOf(test)
    await truncate(file, (await readFile(file)).length - 20)
    expect(await test.registry.inForce(press.name)).toMatchObject({ challenger: null })
    await test.registry.decide(press.name, { action: 'promoted', hash: test.hashes[1], ...by })
    expect(await test.registry.inForce(press.name)).toMatchObject({ champion: test.hashes[1] })
    expect(await test.registry.decisions(press.name)).toHaveLength(2)
  })

  it('names the line where a decision is missing or makes no sense', async () => {
    const test = await make()
    await test.registry.register(press.name, test.folders[1], by)
    const file = journalOf(test)
    const line = await readFile(file, 'utf8')
    await writeFile(file, line.replace('"number":1', '"number":2'))
    await expect(test.registry.decisions(press.name)).rejects.toMatchObject({
      code: 'MODEL_REGISTRY_DAMAGED',
      details: { line: 1, problem: 'decision 1 is missing before it' },
    })
    await writeFile(file, line)
    await appendFile(file, '{"number":2,"at":"yesterday"}\n')
    await expect(test.registry.decisions(press.name)).rejects.toMatchObject({
      code: 'MODEL_REGISTRY_DAMAGED',
      details: { line: 2 },
    })
  })

  it('registers no damaged model, and finds one that was damaged later', async () => {
    const test = await make()
    const copy = join(test.folder, '..', 'damaged', press.name)
    cpSync(test.folders[1], copy, { recursive: true })
    await truncate(join(copy, 'forecaster', 'weights.bin'), 8)
    await expect(test.registry.register(press.name, copy, by)).rejects.toMatchObject({
      code: 'ARTIFACT_DAMAGED',
    })
    expect(await test.registry.decisions(press.name)).toEqual([])

    await test.registry.register(press.name, test.folders[1], by)
    const place = await test.registry.folderOf(press.name, test.hashes[1])
    await rm(join(place, 'autoencoder', 'weights.bin'))
    await expect(test.registry.versions(press.name)).rejects.toMatchObject({ code: 'ARTIFACT_DAMAGED' })
  })
})
