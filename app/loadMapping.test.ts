import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../core/config.ts'
import { loadCatalogue } from './loadCatalogue.ts'
import { openMapping, publishBy } from './loadMapping.ts'
import { defaultFolders } from './paths.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forewarn-mapping-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = async (file: string, mqtt: Record<string, unknown> = {}) => {
  const config = parseConfig({ mapping: { file }, mqtt, worker: { name: 'line-1' } })
  const opened = await openMapping(config, folder, loadCatalogue())
  await opened?.state.close()
  return opened?.mapper
}
const shared = { url: 'mqtt://127.0.0.1', shareGroup: 'g' }

describe('the mapping of a configuration', () => {
  it('is none where none is named', async () => expect(await open('')).toBeUndefined())

  it.each(['smart-sensors', 'opcua-arrays', 'plc-numbers', 'sparkplug'])('can be %s', async (name) =>
    expect((await open(join(defaultFolders.catalogue, 'mappings', `${name}.yaml`)))!.topics()).not.toEqual(
      [],
    ),
  )

  it('can be shared by processes only where each message stands alone', async () => {
    const file = join(folder, 'alone.yaml')
    const rule = `{topic: 'a/{device}', site: n, assetType: pump, device: '{device}', time: broker, values: {flow: {at: /f}}}`
    writeFileSync(file, `rules: [${rule}]`)
    expect((await open(file, shared))!.remembers).toBe(false)
    await expect(
      open(join(defaultFolders.catalogue, 'mappings', 'sparkplug.yaml'), shared),
    ).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      details: { path: 'mqtt.shareGroup' },
    })
  })

  it('publishes by the way in, and not before that is open', async () => {
    const published: string[] = []
    const inlet = { publish: async (topic: string) => void published.push(topic) }
    await publishBy(() => inlet)('a', Buffer.from(''))
    await expect(publishBy(() => undefined)('b', Buffer.from(''))).rejects.toMatchObject({ next: 'retry' })
    expect(published).toEqual(['a'])
  })

  it('is named with the place of its mistake, and leaves its state closed', async () => {
    const file = join(folder, 'wrong.yaml')
    writeFileSync(file, 'rules: [{topic: a}]')
    await expect(open(file)).rejects.toMatchObject({ code: 'MAPPING_INVALID', details: { file } })
    writeFileSync(file, '- [')
    await expect(open(file)).rejects.toMatchObject({ code: 'MAPPING_INVALID', details: { path: '(file)' } })
  })
})
