import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeScore, now } from '../http/testing/fixtures.ts'
import { decodeWindow, encodeWindow } from './evidence.ts'
import { predictionId, predictionOf } from './prediction.ts'

const decided = { mode: 'cavitation', raisedAt: 5, reason: 'persistent', now } as const

describe('prediction id', () => {
  it('is the same for the same deciding window, whenever it is decided', () => {
    const first = predictionOf(makeScore(), decided)
    const again = predictionOf(makeScore({ failureProbability: 0.6 }), { ...decided, now: now + 1000 })
    expect(again.id).toBe(first.id)
    expect(first.id).toMatch(/^[0-9a-f]{64}$/)
  })

  it('differs by device, window and model, and no two fields run into each other', () => {
    const ids = [
      { device: 'a', windowEnd: 1, model: 'm' },
      { device: 'b', windowEnd: 1, model: 'm' },
      { device: 'a', windowEnd: 2, model: 'm' },
      { device: 'a', windowEnd: 1, model: 'n' },
      { device: 'a,1', windowEnd: 1, model: 'm' },
      { device: 'a', windowEnd: 11, model: '' },
    ].map(predictionId)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

it('says null where the publisher gives no time, and survives JSON', () => {
  const silent = predictionOf(makeScore({ publishedAt: Number.NaN }), decided)
  expect(silent.publishedAt).toBeNull()
  expect(predictionOf(makeScore({ publishedAt: 7 }), decided).publishedAt).toBe(7)
  expect(JSON.parse(JSON.stringify(silent))).toEqual(silent)
})

describe('evidence window', () => {
  it('comes back bit for bit, missing values and signed zeros too', () => {
    fc.assert(
      fc.property(fc.float32Array(), (window) => {
        const back = decodeWindow(encodeWindow(window))
        expect(back).toHaveLength(window.length)
        for (const [i, value] of window.entries()) expect(Object.is(back[i], value)).toBe(true)
      }),
    )
  })

  it('is little-endian whatever the machine', () => {
    expect(encodeWindow(Float32Array.of(1))).toBe(Buffer.from([0, 0, 0x80, 0x3f]).toString('base64'))
  })
})
