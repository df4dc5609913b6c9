import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ReadingSource, SourceSlice } from '../../core/ports.ts'
import type { Reading } from '../../core/reading.ts'
import { reading } from './readingLog.suite.ts'

export interface SourceHarness {
  /** Appends readings to the log behind the source, durably. */
  append(readings: readonly Reading[]): Promise<void>
  /** Opens a source that reads from the beginning. */
  open(): Promise<ReadingSource>
  cleanUp(): Promise<void>
}

/** `device time` of what a source gives until `count` readings have come, each slice handed to `also` as well. */
export async function take(
  source: ReadingSource,
  count: number,
  also: (slice: SourceSlice) => Promise<unknown> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  const end = Date.now() + 10_000
  while (seen.length < count) {
    if (Date.now() > end) throw new Error(`${seen.length} of ${count} readings came`)
    const slice = await source.next(1_000)
    if (!slice) continue
    for (const { device, time } of slice.batches) seen.push(...device.map((d, i) => `${d} ${time[i]}`))
    await also(slice)
  }
  return seen
}

/** The next slice that holds readings. */
async function nextSlice(source: ReadingSource): Promise<SourceSlice> {
  const slices: SourceSlice[] = []
  await take(source, 1, async (slice) => slices.push(slice))
  return slices.at(-1)!
}

/** What every source of the scorer must do; `make` is called for every test. */
export function readingSourceContract(name: string, make: () => Promise<SourceHarness>): void {
  describe(`reading source: ${name}`, () => {
    let harness: SourceHarness
    let source: ReadingSource
    beforeEach(async () => {
      harness = await make()
      source = await harness.open()
    })
    afterEach(async () => {
      await source.close()
      await harness.cleanUp()
    })

    it('resolves with nothing while nothing comes', async () => {
      expect(await source.next(10)).toBeUndefined()
    })

    it('gives every reading once, those of a device in order', async () => {
      const readings = Array.from({ length: 60 }, (_, i) => reading(`fan-${i % 7}`, 1 + i, i, -i))
      for (let i = 0; i < readings.length; i += 20) await harness.append(readings.slice(i, i + 20))
      const seen = await take(source, 60)
      expect(seen.toSorted()).toEqual(readings.map(({ device, time }) => `${device} ${time}`).toSorted())
      for (let fan = 0; fan < 7; fan++) {
        const own = seen.filter((key) => key.startsWith(`fan-${fan} `))
        expect(own).toEqual(own.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1])))
      }
    })

    it('gives values, times and names as they were appended', async () => {
      await harness.append([reading('fan-1', 5, 1.25, Number.NaN)])
      const [batch] = (await nextSlice(source)).batches
      expect(batch).toMatchObject({ assetType: 'fan', length: 1, device: ['fan-1'], site: ['plant'] })
      const { time, receivedAt, seq, channels } = batch!
      expect([time[0], receivedAt[0], seq[0]]).toEqual([5, 1005, 5])
      expect(channels.map((channel) => channel[0])).toEqual([1.25, Number.NaN])
    })

    it('goes on with what comes later, its positions growing', async () => {
      const last = new Map<string, number>()
      for (let round = 0; round < 3; round++) {
        await harness.append([reading('fan-1', 10 + round, 1, 1)])
        const slice = await nextSlice(source)
        expect(Object.keys(slice.position).length).toBeGreaterThan(0)
        for (const [log, position] of Object.entries(slice.position)) {
          expect(position).toBeGreaterThan(last.get(log) ?? 0)
          last.set(log, position)
        }
      }
    })

    it('lets go of a pending read when it is closed', async () => {
      const pending = source.next(10)
      await source.close()
      expect(await pending).toBeUndefined()
      source = await harness.open()
    })
  })
}
