import type { AssetType, Catalogue } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DeadLetters, LogSlice, LogStats } from '../../core/ports.ts'
import type { DeadLetter, DeadLetterReason, LogPosition, Reading, ReadingBatch } from '../../core/reading.ts'
import { readingBytes } from './blockFormat.ts'
import type { KnownDevice, OpenLog } from './log.ts'
import { deadLetterBytes } from './pending.ts'

interface Block {
  readonly position: LogPosition
  readonly readings: readonly Reading[]
  readonly bytes: number
}

/** The reading log in memory, for tests and trials: the same behaviour, gone with the process. */
export function openMemoryLog(options: {
  readonly maxBytes: number
  readonly catalogue: Catalogue
  readonly consumers: readonly string[]
  readonly clock: Clock
}): OpenLog {
  return new MemoryLog(options.maxBytes, options.catalogue, options.consumers, options.clock)
}

class MemoryLog implements OpenLog {
  readonly deadLetters = new MemoryDeadLetters()
  private blocks: Block[] = []
  private newest: LogPosition = 0
  private total = 0
  private readonly cursors = new Map<string, LogPosition>()
  private readonly known = new Map<string, KnownDevice>()

  constructor(
    private readonly maxBytes: number,
    private readonly catalogue: Catalogue,
    private readonly consumers: readonly string[],
    private readonly clock: Clock,
  ) {}

  async append(readings: readonly Reading[], deadLetters: readonly DeadLetter[] = []): Promise<void> {
    const bytes = readings.reduce((sum, r) => sum + readingBytes(r.values.length), 0)
    const letterBytes = deadLetters.reduce((sum, letter) => sum + deadLetterBytes(letter), 0)
    if (this.bytes() + bytes + letterBytes > this.maxBytes)
      throw new ForewarnError('LOG_FULL', { cap: this.maxBytes })
    this.deadLetters.add(deadLetters, this.maxBytes / 10)
    if (readings.length === 0) return
    for (const { device, site, assetType } of readings) {
      const key = `${site}/${assetType}/${device}`
      if (!this.known.has(key)) this.known.set(key, { device, site, assetType })
    }
    this.newest += 1
    this.total += readings.length
    this.blocks.push({ position: this.newest, readings: [...readings], bytes })
  }

  async continueAfter(position: LogPosition): Promise<void> {
    if (position <= this.newest) return
    if (this.newest > 0) {
      const problem = `it ends at block ${this.newest}, but block ${position} of it was read before`
      throw new ForewarnError('LOG_DAMAGED', { folder: 'memory', problem })
    }
    this.newest = position
    for (const consumer of this.consumers) this.cursors.set(consumer, position)
  }

  read(after: LogPosition, maxReadings: number): LogSlice | undefined {
    const readings: Reading[] = []
    let position = after
    for (const block of this.behindOf(after)) {
      if (readings.length >= maxReadings) break
      readings.push(...block.readings)
      position = block.position
    }
    if (readings.length === 0) return undefined
    const types = [...new Set(readings.map((r) => r.assetType))]
    return {
      position,
      batches: types.map((name) =>
        batchOf(
          this.catalogue.get(name)!,
          readings.filter((r) => r.assetType === name),
        ),
      ),
    }
  }

  last(): LogPosition {
    return this.newest
  }

  cursor(consumer: string): LogPosition {
    return this.cursors.get(consumer) ?? 0
  }

  async commit(consumer: string, position: LogPosition): Promise<void> {
    if (!this.consumers.includes(consumer)) {
      throw new TypeError(`the log was opened without a consumer ${consumer}`)
    }
    this.cursors.set(consumer, Math.min(Math.max(position, this.cursor(consumer)), this.newest))
    this.blocks = this.behindOf(this.slowest())
  }

  stats(): LogStats {
    const each = <T>(of: (consumer: string) => T) =>
      Object.fromEntries(this.consumers.map((c) => [c, of(c)] as const))
    const ageMs = each((c) => this.age(this.cursor(c)))
    return {
      bytes: this.bytes(),
      last: this.newest,
      behind: each((c) => count(this.behindOf(this.cursor(c)))),
      oldestAgeMs: Math.max(0, ...Object.values(ageMs)),
      ageMs,
    }
  }

  private age(position: LogPosition): number {
    const oldest = this.behindOf(position)[0]?.readings[0]
    return oldest ? Math.max(0, this.clock.now() - oldest.receivedAt) : 0
  }

  devices(): readonly KnownDevice[] {
    return [...this.known.values()]
  }

  appended(): number {
    return this.total
  }

  async close(): Promise<void> {}

  private slowest(): LogPosition {
    return Math.min(...this.consumers.map((c) => this.cursor(c)))
  }

  private behindOf(position: LogPosition): Block[] {
    return this.blocks.filter((block) => block.position > position)
  }

  private bytes(): number {
    return this.blocks.reduce((sum, block) => sum + block.bytes, 0) + this.deadLetters.bytes()
  }
}

const count = (blocks: readonly Block[]): number =>
  blocks.reduce((sum, block) => sum + block.readings.length, 0)

/** Readings of one asset type as columns. */
export function batchOf(type: AssetType, readings: readonly Reading[]): ReadingBatch {
  return {
    assetType: type.name,
    length: readings.length,
    device: readings.map((r) => r.device),
    site: readings.map((r) => r.site),
    time: Float64Array.from(readings, (r) => r.time),
    receivedAt: Float64Array.from(readings, (r) => r.receivedAt),
    publishedAt: Float64Array.from(readings, (r) => r.publishedAt),
    seq: Float64Array.from(readings, (r) => r.seq),
    channels: type.channels.map((_, c) => Float64Array.from(readings, (r) => r.values[c]!)),
  }
}

class MemoryDeadLetters implements DeadLetters {
  private letters: DeadLetter[] = []
  private readonly byReason: Partial<Record<DeadLetterReason, number>> = {}
  private readings = 0

  add(letters: readonly DeadLetter[], maxBytes: number): void {
    for (const letter of letters) {
      if (this.letters.some(({ id }) => id === letter.id)) continue
      this.letters.push(letter)
      this.byReason[letter.reason] = (this.byReason[letter.reason] ?? 0) + 1
      this.readings += letter.readings
    }
    while (this.letters.length > letters.length && this.bytes() > maxBytes) this.letters.shift()
  }

  bytes(): number {
    return this.letters.reduce((sum, letter) => sum + deadLetterBytes(letter), 0)
  }

  async list(options: { limit?: number; reason?: DeadLetterReason } = {}): Promise<DeadLetter[]> {
    const { limit = 100, reason } = options
    return this.letters
      .filter((letter) => reason === undefined || letter.reason === reason)
      .reverse()
      .slice(0, limit)
  }

  async counts() {
    return { byReason: { ...this.byReason }, readings: this.readings }
  }

  async remove(ids: readonly string[]): Promise<void> {
    this.letters = this.letters.filter(({ id }) => !ids.includes(id))
  }
}
