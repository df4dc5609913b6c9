import type { Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { LogSlice, LogStats } from '../../core/ports.ts'
import type { DeadLetter, LogPosition, Reading } from '../../core/reading.ts'
import { readingBytes } from './blockFormat.ts'
import { BlockReader } from './blockReader.ts'
import { DeadLetterBox } from './deadLetterBox.ts'
import { Dictionary } from './dictionary.ts'
import {
  type Environment,
  emptyState,
  type LogState,
  openEnvironment,
  readState,
  writeDurably,
} from './environment.ts'
import { ColumnPool, GatheredBlock } from './gathering.ts'
import { GroupCommit } from './groupCommit.ts'
import type { KnownDevice, OpenLog } from './log.ts'
import { deadLetterBytes, newPending, type Pending } from './pending.ts'
import { applyPlan, planTransaction } from './transaction.ts'

export interface LogOptions {
  /** Folder of its own, made where it is missing. */
  readonly folder: string
  /** Cap over blocks and dead letters, bytes. The oldest dead letters go when they take more than a tenth of it. */
  readonly maxBytes: number
  readonly catalogue: Catalogue
  /** Who reads the log: a block is removed when all of them have committed it. */
  readonly consumers: readonly string[]
  readonly clock: Clock
}

/** Headers and the last page of the group that is written and of the one that gathers, bytes. */
const pageRounding = 2 * 4096

/** Throws DATA_FOLDER_UNUSABLE, LOG_DAMAGED. */
export async function openReadingLog(options: LogOptions): Promise<OpenLog> {
  if (options.consumers.length === 0) throw new TypeError('a log without consumers would keep nothing')
  const environment = openEnvironment(options.folder, 'owner')
  try {
    const state = readState(environment, options.folder) ?? emptyState
    const blocks = new BlockReader(environment, options.folder, options.catalogue)
    // a damaged newest block shows now, not when the store comes to it
    if (state.last > state.trimmed) blocks.header(state.last)
    return new LmdbLog(environment, state, blocks, new Dictionary(environment, options.catalogue), options)
  } catch (thrown) {
    await environment.root.close()
    throw thrown
  }
}

class LmdbLog implements OpenLog {
  readonly deadLetters: DeadLetterBox
  private readonly commits = new GroupCommit<Pending>(newPending, (pending) => this.write(pending))
  private readonly columns = new ColumnPool()
  private readonly widths: ReadonlyMap<string, number>
  /** Bytes that were accepted, but are not yet written or refused. */
  private pendingBytes = 0
  private closed = false

  constructor(
    private readonly environment: Environment,
    /** As of the newest durable transaction. */
    private state: LogState,
    private readonly blocks: BlockReader,
    private readonly dictionary: Dictionary,
    private readonly options: LogOptions,
  ) {
    this.widths = new Map([...options.catalogue].map(([name, type]) => [name, type.channels.length]))
    this.deadLetters = new DeadLetterBox(
      environment,
      () => this.state.dead,
      (ids) => this.add((pending) => pending.removals.push(...ids)),
    )
  }

  append(readings: readonly Reading[], deadLetters: readonly DeadLetter[] = []): Promise<void> {
    if (readings.length === 0 && deadLetters.length === 0) return Promise.resolve()
    const bytes = this.sizeOf(readings, deadLetters)
    if (Number.isNaN(bytes)) return Promise.reject(new TypeError('readings that do not fit the catalogue'))
    if (this.bytes() + this.pendingBytes + bytes + pageRounding > this.options.maxBytes) {
      return Promise.reject(new ForewarnError('LOG_FULL', { cap: this.options.maxBytes }))
    }
    return this.add((pending) => {
      for (const reading of readings) this.gather(reading, pending)
      for (const letter of deadLetters) pending.deadLetters.push(letter)
      pending.bytes += bytes
      this.pendingBytes += bytes
    })
  }

  read(after: LogPosition, maxReadings: number): LogSlice | undefined {
    return this.blocks.read(after, maxReadings)
  }

  last(): LogPosition {
    return this.state.last
  }

  cursor(consumer: string): LogPosition {
    return this.state.cursors[consumer] ?? 0
  }

  commit(consumer: string, position: LogPosition): Promise<void> {
    if (!this.options.consumers.includes(consumer)) {
      return Promise.reject(new TypeError(`the log was opened without a consumer ${consumer}`))
    }
    return this.add((pending) => {
      pending.cursors.set(consumer, Math.max(position, pending.cursors.get(consumer) ?? 0))
    })
  }

  stats(): LogStats {
    const { consumers } = this.options
    const behind = Object.fromEntries(consumers.map((c) => [c, this.behind(this.cursor(c))]))
    const ageMs = Object.fromEntries(consumers.map((c) => [c, this.age(this.cursor(c))]))
    const oldestAgeMs = Math.max(0, ...Object.values(ageMs))
    return { bytes: this.bytes(), last: this.state.last, behind, oldestAgeMs, ageMs }
  }

  continueAfter(position: LogPosition): Promise<void> {
    if (position <= this.state.last) return Promise.resolve()
    if (this.state.last > 0) {
      const problem = `it ends at block ${this.state.last}, but block ${position} of it was read before`
      return Promise.reject(new ForewarnError('LOG_DAMAGED', { folder: this.options.folder, problem }))
    }
    return this.add((pending) => {
      pending.startAfter = position
    })
  }

  devices(): readonly KnownDevice[] {
    return this.dictionary.list()
  }

  appended(): number {
    return this.state.readings
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    await this.commits.idle()
    await this.environment.root.close()
  }

  private gather(reading: Reading, { blocks }: Pending): void {
    let block = blocks.at(-1)
    if (block === undefined || block.isFull) {
      block = new GatheredBlock(this.columns)
      blocks.push(block)
    }
    block.add(reading)
  }

  private add(put: (pending: Pending) => void): Promise<void> {
    if (this.closed) return Promise.reject(new ForewarnError('LOG_FAILED', { problem: 'it is closed' }))
    return this.commits.add(put)
  }

  private async write(pending: Pending): Promise<void> {
    try {
      const before = this.withBytesOfLetters(this.state)
      const plan = planTransaction(
        pending,
        before,
        this.environment,
        this.dictionary,
        this.blocks,
        this.options,
      )
      await writeDurably(this.environment, () => applyPlan(plan, this.environment))
      this.state = plan.state
      this.dictionary.kept()
    } catch (thrown) {
      this.dictionary.forget()
      throw thrown
    } finally {
      this.pendingBytes -= pending.bytes
      for (const block of pending.blocks) this.columns.giveBack(block)
    }
  }

  /** Letters are also removed from the command line, by another process: their bytes are read again. */
  private withBytesOfLetters(state: LogState): LogState {
    return { ...state, dead: { ...state.dead, bytes: this.blocks.state().dead.bytes } }
  }

  private bytes(): number {
    return this.state.bytes - this.state.trimmedBytes + this.state.dead.bytes
  }

  /** NaN where a reading's asset type or number of channels is not the catalogue's. */
  private sizeOf(readings: readonly Reading[], deadLetters: readonly DeadLetter[]): number {
    let bytes = 0
    for (const { assetType, values } of readings) {
      bytes += this.widths.get(assetType) === values.length ? readingBytes(values.length) : Number.NaN
    }
    for (const letter of deadLetters) bytes += deadLetterBytes(letter)
    return bytes
  }

  private behind(cursor: LogPosition): number {
    const first = this.firstAfter(cursor)
    return first ? this.state.readings - first.readingsBefore : 0
  }

  private age(cursor: LogPosition): number {
    const oldest = this.firstAfter(cursor)
    return oldest ? Math.max(0, this.options.clock.now() - oldest.receivedAt) : 0
  }

  /** Trimmed blocks are gone from sight as soon as their transaction is made, a little before it is durable. */
  private firstAfter(cursor: LogPosition) {
    const position = Math.max(cursor, this.state.trimmed, this.blocks.state().trimmed) + 1
    return position > this.state.last ? undefined : this.blocks.header(position)
  }
}
