import fc from 'fast-check'
import type { TypeStr } from 'sparkplug-payload/lib/sparkplugbpayload.js'
import { describe, expect, it } from 'vitest'
import { encodeSparkplug } from '../../test/support/sparkplug.ts'
import { decodeSparkplug } from './payload.ts'

const read = (type: TypeStr, value: number | boolean | string | null, quality?: number) => {
  const [metric] = decodeSparkplug(
    encodeSparkplug({ metrics: [{ name: 'm', type, value, ...(quality === undefined ? {} : { quality }) }] }),
  ).metrics
  return metric!.read(metric!.datatype)
}

describe('Sparkplug payload', () => {
  it.each<[TypeStr, number | boolean | string | null, unknown]>([
    ['Int8', -3, -3],
    ['Int16', -300, -300],
    ['Int32', -70_000, -70_000],
    ['Int64', -5_000_000_000, -5_000_000_000],
    ['UInt8', 200, 200],
    ['UInt16', 60_000, 60_000],
    ['UInt32', 4_000_000_000, 4_000_000_000],
    ['UInt64', 5_000_000_000, 5_000_000_000],
    ['Float', 1.5, 1.5],
    ['Double', 0.1, 0.1],
    ['Boolean', true, 1],
    ['String', '1.5', '1.5'],
    ['Double', null, null],
  ])('reads %s %j', (type, value, expected) => expect(read(type, value)).toBe(expected))

  it('reads a value without a datatype by that of its birth', () => {
    const { metrics } = decodeSparkplug(encodeSparkplug({ metrics: [{ alias: 7, value: 2.5 }] }))
    expect(metrics[0]).toMatchObject({ name: '', alias: '7', datatype: 0 })
    expect(metrics[0]!.timestamp).toBeNaN()
    expect(metrics[0]!.read(10)).toBe(2.5)
  })

  it('knows no value where its quality is not good', () => {
    expect(read('Double', 2.5, 192)).toBe(2.5)
    expect(read('Double', 2.5, 0)).toBeNull()
    expect(read('Double', 2.5, 500)).toBeNull()
  })

  it('reads times and sequence numbers as numbers', () =>
    expect(decodeSparkplug(encodeSparkplug({ timestamp: 1_768_478_400_123, seq: 255 }))).toEqual({
      timestamp: 1_768_478_400_123,
      seq: 255,
      metrics: [],
    }))

  it('reads arbitrary bytes, or throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let payload: ReturnType<typeof decodeSparkplug> | undefined
        try {
          payload = decodeSparkplug(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
        for (const metric of payload?.metrics ?? []) metric.read(metric.datatype)
      }),
    )
  })
})
