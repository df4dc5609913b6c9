import type { LogPosition } from '../../core/reading.ts'
import { encodeBlock, type SegmentInput } from './blockFormat.ts'
import type { BlockReader } from './blockReader.ts'
import { changeDeadLetters, type DeadLetterChange } from './deadLetterBox.ts'
import type { Additions, Dictionary } from './dictionary.ts'
import type { Environment, LogState } from './environment.ts'
import type { GatheredBlock } from './gathering.ts'
import type { Pending } from './pending.ts'

/** Everything that one group commit writes. */
export interface Plan {
  readonly state: LogState
  readonly blocks: readonly { position: LogPosition; bytes: Buffer }[]
  /** Positions to remove: from (exclusive) to (inclusive). */
  readonly trim: { from: LogPosition; to: LogPosition }
  readonly additions: Additions
  readonly dead: DeadLetterChange
}

/** A value beside its key and page header; what does not fit into half a page takes whole pages of 4096 bytes. */
const storedBytes = (bytes: number): number => (bytes < 2000 ? bytes + 32 : (bytes + 16 + 4095) & ~4095)

/** Turns what has gathered into the puts of one transaction and the state after it. Changes only the dictionary. */
export function planTransaction(
  pending: Pending,
  now: LogState,
  environment: Environment,
  dictionary: Dictionary,
  reader: BlockReader,
  options: { readonly maxBytes: number; readonly consumers: readonly string[] },
): Plan {
  const before =
    pending.startAfter === undefined ? now : startedAfter(pending.startAfter, now, options.consumers)
  const cursors = moveCursors(before, pending.cursors)
  const to = Math.max(before.trimmed, Math.min(...options.consumers.map((c) => cursors[c] ?? 0)))
  const trimmedBytes = to === before.trimmed ? before.trimmedBytes : bytesBefore(to + 1, before, reader)
  const dead = changeDeadLetters(
    environment,
    before.dead,
    pending.deadLetters,
    pending.removals,
    options.maxBytes / 10,
  )
  const written = encodeBlocks(pending.blocks, before, dictionary)
  return {
    state: { ...before, ...written.state, trimmed: to, trimmedBytes, cursors, dead: dead.state },
    blocks: written.blocks,
    trim: { from: before.trimmed, to },
    additions: dictionary.additions(),
    dead,
  }
}

/** The puts, to be called inside the transaction. */
export function applyPlan(plan: Plan, environment: Environment): void {
  for (const { number, device } of plan.additions.devices) void environment.devices.put(number, device)
  for (const { number, layout } of plan.additions.layouts) void environment.layouts.put(number, layout)
  for (const { position, bytes } of plan.blocks) void environment.blocks.put(position, bytes)
  for (let p = plan.trim.from + 1; p <= plan.trim.to; p++) void environment.blocks.remove(p)
  for (const { number, letter } of plan.dead.put) {
    void environment.deadLetters.put(number, letter)
    void environment.deadLetterIds.put(letter.id, number)
  }
  for (const { number, id } of plan.dead.remove) {
    void environment.deadLetters.remove(number)
    void environment.deadLetterIds.remove(id)
  }
  void environment.state.put('log', plan.state)
}

/** A new log whose predecessor ended at `position`: nothing is kept up to there, and everybody has read it. */
function startedAfter(position: LogPosition, state: LogState, consumers: readonly string[]): LogState {
  const cursors = Object.fromEntries(consumers.map((consumer) => [consumer, position]))
  return { ...state, last: position, trimmed: position, cursors }
}

/** A cursor only moves forward, and not beyond what is durable. */
function moveCursors(before: LogState, moves: ReadonlyMap<string, LogPosition>): LogState['cursors'] {
  const cursors = { ...before.cursors }
  for (const [consumer, position] of moves) {
    cursors[consumer] = Math.min(Math.max(position, cursors[consumer] ?? 0), before.last)
  }
  return cursors
}

const bytesBefore = (position: LogPosition, state: LogState, reader: BlockReader): number =>
  position > state.last ? state.bytes : reader.header(position).bytesBefore

function encodeBlocks(gathered: readonly GatheredBlock[], before: LogState, dictionary: Dictionary) {
  const blocks: { position: LogPosition; bytes: Buffer }[] = []
  let { last, readings: readingsBefore, bytes: sizeBefore } = before
  for (const block of gathered) {
    last += 1
    const header = { position: last, readingsBefore, bytesBefore: sizeBefore }
    const bytes = encodeBlock(header, segmentsOf(block, dictionary))
    blocks.push({ position: last, bytes })
    readingsBefore += block.length
    sizeBefore += storedBytes(bytes.length)
  }
  return { blocks, state: { last, readings: readingsBefore, bytes: sizeBefore } }
}

function segmentsOf({ segments, devices }: GatheredBlock, dictionary: Dictionary): SegmentInput[] {
  const numbers = Uint32Array.from(devices, (device) => dictionary.numberOf(device))
  return [...segments].map(([assetType, columns]) => ({
    layout: dictionary.layout(assetType).layout,
    columns,
    numbers,
  }))
}
