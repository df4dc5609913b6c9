import type { LogPosition } from '../../core/reading.ts'
import type { Columns } from './batchBuilder.ts'
import { murmur3 } from './checksum.ts'

/*
 * A block: what one group commit made durable, as one value. Little-endian, every column aligned to 8 bytes.
 *
 *   header   64 bytes, see below
 *   segment  one an asset type: layout u32, readings u32, 8 bytes spare, then the columns
 *            device number u32 each, padded to 8 | time | receivedAt | publishedAt | seq | channel 0 | channel 1 ...
 *            as f64 each
 *
 * Columns, because everyone behind the log works on columns: reading is a copy of memory, not a loop over fields.
 */
const magic = 0x424b_5746 // "FWKB"
const version = 1
const headerBytes = 64
const segmentHeaderBytes = 16
const fixedColumns = 4

// offsets in 32-bit words
const word = { magic: 0, version: 1, checksum: 2, readings: 3, bytes: 12, segments: 13 }
const checkedFrom = 3
// offsets in 64-bit words
const double = { position: 2, readingsBefore: 3, bytesBefore: 4, receivedAt: 5 }

export interface BlockHeader {
  readonly position: LogPosition
  readonly readings: number
  /** Readings in all blocks before this one, since the log was made: what lies behind a cursor is a subtraction. */
  readonly readingsBefore: number
  /** Size of all blocks before this one, bytes. */
  readonly bytesBefore: number
  /** When the broker had the block's first reading, ms. */
  readonly receivedAt: number
  readonly bytes: number
}

/** One asset type's part of a block: columns as views on the block's memory. */
export interface Segment {
  readonly layout: number
  readonly length: number
  readonly device: Uint32Array
  readonly time: Float64Array
  readonly receivedAt: Float64Array
  readonly publishedAt: Float64Array
  readonly seq: Float64Array
  readonly channels: readonly Float64Array[]
}

/** How many channels the readings of a layout have. */
export type Width = (layout: number) => number | undefined

/** Readings of one asset type on their way into a block; columns may be longer than `length`. */
export interface SegmentInput {
  readonly layout: number
  /** Its devices are indices of `numbers`. */
  readonly columns: Columns
  /** Device numbers. */
  readonly numbers: ArrayLike<number>
}

const blockBytes = (segments: readonly SegmentInput[]): number =>
  segments.reduce(
    (sum, { columns }) => sum + segmentBytes(columns.length, columns.channels.length),
    headerBytes,
  )

const segmentBytes = (length: number, width: number): number =>
  segmentHeaderBytes + align(length * 4) + (fixedColumns + width) * length * 8

const align = (bytes: number): number => (bytes + 7) & ~7

/** Bytes that a reading with so many channels takes, for the cap. */
export const readingBytes = (width: number): number => 4 + (fixedColumns + width) * 8

export function encodeBlock(
  header: Pick<BlockHeader, 'position' | 'readingsBefore' | 'bytesBefore'>,
  segments: readonly SegmentInput[],
): Buffer {
  const buffer = new ArrayBuffer(blockBytes(segments))
  const ints = new Uint32Array(buffer)
  const doubles = new Float64Array(buffer)
  ints[word.magic] = magic
  ints[word.version] = version
  ints[word.readings] = segments.reduce((sum, s) => sum + s.columns.length, 0)
  ints[word.bytes] = buffer.byteLength
  ints[word.segments] = segments.length
  doubles[double.position] = header.position
  doubles[double.readingsBefore] = header.readingsBefore
  doubles[double.bytesBefore] = header.bytesBefore
  doubles[double.receivedAt] = segments[0]?.columns.receivedAt[0] ?? Number.NaN
  let offset = headerBytes
  for (const segment of segments) offset = writeSegment(ints, doubles, offset, segment)
  ints[word.checksum] = murmur3(new Int32Array(buffer), checkedFrom, ints.length)
  return Buffer.from(buffer)
}

function writeSegment(
  ints: Uint32Array,
  doubles: Float64Array,
  start: number,
  { layout, columns, numbers }: SegmentInput,
): number {
  const { length, device, channels } = columns
  ints[start >> 2] = layout
  ints[(start >> 2) + 1] = length
  const devices = (start + segmentHeaderBytes) >> 2
  for (let i = 0; i < length; i++) ints[devices + i] = numbers[device[i]!]!
  let at = (start + segmentHeaderBytes + align(length * 4)) >> 3
  for (const column of [columns.time, columns.receivedAt, columns.publishedAt, columns.seq, ...channels]) {
    doubles.set(column.subarray(0, length), at)
    at += length
  }
  return start + segmentBytes(length, channels.length)
}

/** What is wrong with a block, or undefined. Checks length, format, place and checksum. */
export function blockDamage(block: Uint8Array | undefined, position: LogPosition): string | undefined {
  if (!block) return 'the block is missing'
  if (block.length < headerBytes || block.length % 8 !== 0) return `it has ${block.length} bytes`
  const { ints, doubles } = views(block)
  if (ints[word.magic] !== magic) return 'it does not begin like a block'
  if (ints[word.version] !== version) return `its format is ${ints[word.version]}, this is ${version}`
  if (ints[word.bytes] !== block.length) return `it has ${block.length} of ${ints[word.bytes]} bytes`
  const words = new Int32Array(ints.buffer, ints.byteOffset, ints.length)
  if (ints[word.checksum] !== murmur3(words, checkedFrom, words.length)) return 'its checksum does not match'
  if (doubles[double.position] !== position) return `it is block ${doubles[double.position]}`
  return undefined
}

/** Only of a block that `blockDamage` found whole. */
export function readHeader(block: Uint8Array): BlockHeader {
  const { ints, doubles } = views(block)
  return {
    position: doubles[double.position]!,
    readings: ints[word.readings]!,
    readingsBefore: doubles[double.readingsBefore]!,
    bytesBefore: doubles[double.bytesBefore]!,
    receivedAt: doubles[double.receivedAt]!,
    bytes: ints[word.bytes]!,
  }
}

/** Segments of a whole block; undefined where `width` does not know a layout or the lengths do not add up. */
export function readSegments(block: Uint8Array, width: Width): Segment[] | undefined {
  const { ints, doubles } = views(block)
  const segments: Segment[] = []
  let start = headerBytes
  for (let i = 0; i < ints[word.segments]!; i++) {
    const layout = ints[start >> 2]!
    const length = ints[(start >> 2) + 1]!
    const columns = width(layout)
    if (columns === undefined || start + segmentBytes(length, columns) > block.length) return undefined
    segments.push(readSegment(ints, doubles, start, layout, length, columns))
    start += segmentBytes(length, columns)
  }
  return start === block.length ? segments : undefined
}

function readSegment(
  ints: Uint32Array,
  doubles: Float64Array,
  start: number,
  layout: number,
  length: number,
  columns: number,
): Segment {
  const device = (start + segmentHeaderBytes) >> 2
  const base = (start + segmentHeaderBytes + align(length * 4)) >> 3
  const column = (c: number) => doubles.subarray(base + c * length, base + (c + 1) * length)
  return {
    layout,
    length,
    device: ints.subarray(device, device + length),
    time: column(0),
    receivedAt: column(1),
    publishedAt: column(2),
    seq: column(3),
    channels: Array.from({ length: columns }, (_, c) => column(fixedColumns + c)),
  }
}

/** Views need an aligned start; memory that has none is copied once. */
function views(block: Uint8Array): { ints: Uint32Array; doubles: Float64Array } {
  const aligned = block.byteOffset % 8 === 0 ? block : Uint8Array.from(block)
  const { buffer, byteOffset, length } = aligned
  return {
    ints: new Uint32Array(buffer, byteOffset, length >> 2),
    doubles: new Float64Array(buffer, byteOffset, length >> 3),
  }
}
