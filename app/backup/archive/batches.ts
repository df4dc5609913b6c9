import type { ReadingBatch } from '../../../core/reading.ts'
import type { RecordOf } from './records.ts'

type ReadingsRecord = RecordOf<'readings'>

const encoded = (values: Float64Array | Int32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

/** A batch as a record of an archive. */
export function recordOf(batch: ReadingBatch, source: ReadingsRecord['source']): ReadingsRecord {
  const { places, place } = placesOf(batch)
  return {
    kind: 'readings',
    source,
    assetType: batch.assetType,
    length: batch.length,
    places,
    place: encoded(place),
    time: encoded(batch.time),
    receivedAt: encoded(batch.receivedAt),
    publishedAt: encoded(batch.publishedAt),
    seq: encoded(batch.seq),
    channels: batch.channels.map(encoded),
  }
}

function placesOf({ device, site, length }: ReadingBatch) {
  const numbers = new Map<string, number>()
  const places: [string, string][] = []
  const place = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    const key = `${device[i]}\n${site[i]}`
    let number = numbers.get(key)
    if (number === undefined) {
      number = places.push([device[i]!, site[i]!]) - 1
      numbers.set(key, number)
    }
    place[i] = number
  }
  return { places, place }
}

/** A copy, as a decoded buffer need not start where a typed array may. */
const bytesOf = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer

/** What is wrong with the columns of a record; undefined when they fit together. */
export function columnProblem(record: ReadingsRecord, channels: number): string | undefined {
  const { length, places, place, time, receivedAt, publishedAt, seq } = record
  if (record.channels.length !== channels) return `it has ${record.channels.length} channels, not ${channels}`
  const sizes = [time, receivedAt, publishedAt, seq, ...record.channels].map((c) => bytesOf(c).byteLength)
  if (sizes.some((size) => size !== 8 * length)) return 'its columns are not of one length'
  const index = bytesOf(place)
  if (index.byteLength !== 4 * length) return 'its columns are not of one length'
  return new Int32Array(index).every((i) => i in places) ? undefined : 'a reading is of no device'
}

/**
 * The batch of a record whose columns fit, with its channels in the order of `wanted`: a catalogue may have moved them, or
 * have new ones, since the backup was written.
 */
export function batchOf(
  record: ReadingsRecord,
  channels: readonly string[],
  wanted: readonly string[],
): ReadingBatch {
  const column = (text: string) => new Float64Array(bytesOf(text))
  const place = [...new Int32Array(bytesOf(record.place))]
  const { length } = record
  const of = new Map(channels.map((name, i) => [name, record.channels[i]!]))
  return {
    assetType: record.assetType,
    length,
    device: place.map((i) => record.places[i]![0]),
    site: place.map((i) => record.places[i]![1]),
    time: column(record.time),
    receivedAt: column(record.receivedAt),
    publishedAt: column(record.publishedAt),
    seq: column(record.seq),
    channels: wanted.map((name) =>
      of.has(name) ? column(of.get(name)!) : new Float64Array(length).fill(Number.NaN),
    ),
  }
}
