import { describe, expect, it } from 'vitest'
import type { ReadingBatch } from '../../../core/reading.ts'
import { rangesOf } from './duplicates.ts'
import { text } from './influxql.ts'
import { LineBuffer } from './lineBuffer.ts'
import { isWritableName, recordLine, scoreLine } from './lines.ts'

const batch: ReadingBatch = {
  assetType: 'press',
  length: 2,
  device: ['a b,c=d', 'x'],
  site: ['hall:1', 'y'],
  time: Float64Array.of(5, 90),
  receivedAt: Float64Array.of(6, Number.NaN),
  publishedAt: new Float64Array(2),
  seq: new Float64Array(2),
  channels: [Float64Array.of(1, Number.NaN), Float64Array.of(1e21, -0.5)],
}
const point = (row: number) => ({ batch, row, time: batch.time[row]! })

describe('line protocol', () => {
  it('writes floats, escapes names, leaves missing values out', () => {
    const lines = new LineBuffer(['force', 'heat'])
    expect([lines.add(point(0), []), lines.add(point(1), [])]).toEqual([true, true])
    expect(lines.take()).toBe(
      'press,device=a\\ b\\,c\\=d,site=hall:1 force=1,heat=1e+21,received_at=6 5\n' +
        'press,device=x,site=y heat=-0.5,received_at=90 90',
    )
    expect(lines.take()).toBe('')
  })

  it('leaves given fields out, and gives no line where no channel is left', () => {
    const lines = new LineBuffer(['force', 'heat'])
    const withoutHeat = [false, true]
    const added = [1, 0, 1].map((row) => lines.add(point(row), withoutHeat))
    expect(added).toEqual([false, true, false])
    expect(lines.take()).toBe('press,device=a\\ b\\,c\\=d,site=hall:1 force=1,received_at=6 5')
  })

  it('tells a device that moved to another site', () => {
    const lines = new LineBuffer(['force', 'heat'])
    for (const site of ['y', 'z', 'y']) {
      lines.add({ batch: { ...batch, site: [site, site] }, row: 1, time: 90 }, [])
    }
    expect(lines.take().match(/site=./g)).toEqual(['site=y', 'site=z', 'site=y'])
  })

  it('knows the names that cannot be written', () => {
    expect(['pump-1', 'a:b.c', "o'x", '泵'].every(isWritableName)).toBe(true)
    expect(['', 'a\\', 'a\nb', 'a\u0000'].some(isWritableName)).toBe(false)
  })

  it('writes a score with its key as tags', () => {
    const rul = { p05: 1, p10: 2, p50: 3, p90: 4, p95: 5 }
    const score = {
      device: 'd',
      site: 's',
      assetType: 'press',
      windowEnd: 7,
      model: 'm',
      role: 'edge' as const,
    }
    expect(scoreLine({ ...score, rul, anomaly: 0.5, failureProbability: 0.25 })).toBe(
      'score,site=s,device=d,asset_type=press,model=m,role=edge anomaly=0.5,p05=1,p10=2,p50=3,p90=4,p95=5,failure_probability=0.25 7',
    )
  })
})

describe('recordLine', () => {
  it('writes numbers and texts, leaves out what is neither, escapes both kinds', () => {
    const record = {
      measurement: 'life_event',
      tags: { site: 'hall 1', kind: '', device: 'a,b' },
      fields: { detail: 'say "no"\\\nnow', count: 1, gap: Number.NaN },
      time: 7.4,
    }
    expect(recordLine(record)).toBe(
      'life_event,site=hall\\ 1,device=a\\,b detail="say \\"no\\"\\\\ now",count=1 7',
    )
    expect(recordLine({ ...record, fields: { gap: Number.NaN } })).toBeUndefined()
  })
})

describe('InfluxQL', () => {
  it('escapes texts', () => {
    expect(text("o'x\\")).toBe("'o\\'x\\\\'")
  })

  it('asks for times as few ranges, split at wide gaps', () => {
    const times = { ...batch, device: ['d', 'd', 'd', 'e'], time: Float64Array.of(90, 1, 5, 3), length: 4 }
    const points = [0, 1, 2, 3].map((row) => ({ batch: times, row, time: times.time[row]! }))
    expect(rangesOf(points, 10)).toEqual([
      { device: 'd', from: 1, to: 5 },
      { device: 'd', from: 90, to: 90 },
      { device: 'e', from: 3, to: 3 },
    ])
  })
})
