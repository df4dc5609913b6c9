import type { Clock } from '../../core/clock.ts'
import type { LogReader, ReadingSource } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'

/** The name of the one log in a process that does everything. */
export const ownLog = 'log'

const idleMs = 10

/** The log of this process as what the scorer reads, from `from` on. Closes the reader. */
export function createLogSource(reader: LogReader, from: LogPosition, clock: Clock): ReadingSource {
  let position = from
  const closing = new AbortController()
  return {
    async next(maxReadings) {
      const slice = reader.read(position, maxReadings)
      if (!slice) {
        await clock.sleep(idleMs, closing.signal)
        return undefined
      }
      position = slice.position
      return { position: { [ownLog]: position }, batches: slice.batches }
    },
    async close() {
      closing.abort()
      await reader.close()
    },
  }
}
