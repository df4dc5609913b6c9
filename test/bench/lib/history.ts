import type { AssetType } from '../../../core/catalogue.ts'
import type { ReadingBatch } from '../../../core/reading.ts'
import type { Store } from '../../../ingest/stores/store.ts'

export interface History {
  readonly type: AssetType
  readonly devices: readonly string[]
  /** Event times from <= t < to, ms. */
  readonly from: number
  readonly to: number
  readonly cadenceMs: number
}

/** Readings in one write: large slices, as after an outage. */
const sliceReadings = 100_000

/**
 * Writes what machines would have sent in that time: all of them at each moment, as it comes from a plant. `position` is
 * that of the write before. Returns the last one's.
 */
export async function fill(
  store: Pick<Store, 'write'>,
  history: History,
  position: number,
  progress: (share: number) => void,
): Promise<number> {
  const { devices, from, to, cadenceMs } = history
  const moments = Math.ceil(sliceReadings / devices.length)
  let last = position
  for (let time = from; time < to; time += moments * cadenceMs) {
    const count = Math.min(moments, Math.ceil((to - time) / cadenceMs))
    await store.write([sliceOf(history, time, count)], ++last)
    progress((time - from) / (to - from))
  }
  return last
}

function sliceOf({ type, devices, cadenceMs }: History, from: number, moments: number): ReadingBatch {
  const length = moments * devices.length
  const time = Float64Array.from({ length }, (_, i) => from + Math.floor(i / devices.length) * cadenceMs)
  return {
    assetType: type.name,
    length,
    device: Array.from({ length }, (_, i) => devices[i % devices.length]!),
    site: new Array<string>(length).fill('plant'),
    time,
    receivedAt: time.map((t) => t + 50),
    publishedAt: new Float64Array(length).fill(Number.NaN),
    seq: new Float64Array(length).fill(Number.NaN),
    channels: type.channels.map((_, channel) => waves(time, channel)),
  }
}

/** A slow swing with noise upon it, of three decimals as sensors tell it. */
function waves(time: Float64Array, channel: number): Float64Array {
  const values = new Float64Array(time.length)
  for (let i = 0; i < time.length; i++) {
    const swing = 50 + 10 * Math.sin(time[i]! / 7e6 + channel)
    values[i] = Math.round((swing + Math.random()) * 1000) / 1000
  }
  return values
}
