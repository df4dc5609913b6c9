import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../core/config.ts'
import { memoryState } from '../ingest/mapping/state.ts'
import { encodeSparkplug } from '../test/support/sparkplug.ts'
import { loadCatalogue } from './loadCatalogue.ts'
import { loadMapping } from './loadMapping.ts'
import { createExplain } from './mapExplain.ts'
import { inWords } from './mapWords.ts'
import { defaultFolders } from './paths.ts'

const at = Date.UTC(2026, 0, 15, 12)
const catalogue = loadCatalogue()
const { ingest } = parseConfig({})

function explain(file: string, topic: string, payload: string | Buffer) {
  const mapper = loadMapping(join(defaultFolders.catalogue, 'mappings', file), catalogue, memoryState())
  return createExplain(mapper, catalogue, ingest)(topic, Buffer.from(payload), at)
}

describe('what a mapping makes of a message', () => {
  it('is its readings with units converted, beside what is left out and why', () => {
    const tag = (name: string, value: unknown) => ({
      nodeId: `ns=2;s=Hall1.P-101.${name}`,
      value,
      sourceTimestamp: '2026-01-15T11:59:59Z',
    })
    const payload = JSON.stringify([tag('Flow', 22.5), tag('Vibration', 1e9), tag('SerialNumber', 'A')])
    const explained = explain('opcua-arrays.yaml', 'opcua/hall1', payload)
    expect(explained).toMatchObject({
      outcome: 'readings',
      rule: 'opcua',
      readings: [{ device: 'P-101', time: at - 1000, values: { flow: { value: 81, unit: 'm3/h' } } }],
      problems: [{ reason: 'implausible' }],
      ignoredValues: 1,
    })
    expect(inWords(explained).split('\n')).toEqual([
      'opcua/hall1  (rule opcua)',
      '  hall1/pump/P-101  2026-01-15T11:59:59.000Z  flow 81 m3/h ... with what the others say',
      '  not accepted, implausible: vibration is 1000000000, plausible is 0 to 100',
      '  1 ignored, as the file says',
    ])
  })

  it('says so where nothing comes of it', () => {
    const words = (file: string, topic: string, payload: string | Buffer) =>
      inWords(explain(file, topic, payload))
    expect(words('plc-numbers.yaml', 'plant/hall1', '1')).toMatch(/no rule takes this topic/)
    expect(words('smart-sensors.yaml', 'tele/skid-1/LWT', 'Online')).toMatch(/ignored, as the file says/)
    expect(words('opcua-arrays.yaml', 'opcua/hall1', '[]')).toMatch(/holds no values/)
    expect(words('plc-numbers.yaml', 'plant/h/pump/P/serial', '7')).toMatch(
      /bad_mapping: rule plc: serial is not/,
    )
  })

  it('names the births that a Sparkplug message needs', () => {
    const data = encodeSparkplug({ timestamp: at, seq: 3, metrics: [{ alias: 1, value: 2 }] })
    const explained = explain('sparkplug.yaml', 'spBv1.0/Waterworks/DDATA/S1/Pump 7', data)
    expect(explained).toMatchObject({ outcome: 'refused', rebirth: 'Waterworks/S1' })
    expect(inWords(explained)).toMatch(/births of Waterworks\/S1 are missing: forewarn would ask for them/)
  })
})

describe('a mapping file', () => {
  it('that cannot be read is named', () =>
    expect(() => loadMapping('nowhere.yaml', catalogue, memoryState())).toThrow(
      expect.objectContaining({
        code: 'MAPPING_INVALID',
        details: expect.objectContaining({ path: '(file)' }),
      }),
    ))
})
