import type { DeadLetters } from '../../core/ports.ts'
import type { DeadLetter, DeadLetterReason } from '../../core/reading.ts'
import type { DeadState, Environment } from './environment.ts'
import { deadLetterBytes } from './pending.ts'

/** What one transaction does to the dead letters. */
export interface DeadLetterChange {
  readonly state: DeadState
  readonly put: readonly { number: number; letter: DeadLetter }[]
  readonly remove: readonly { number: number; id: string }[]
}

/**
 * Works out what the new letters and removals change. Idempotent by id. Beyond `maxBytes` the oldest make room for the
 * newest: no consumer empties this box, and a device that sends nonsense day and night must not fill the disk. The
 * totals keep counting what was removed.
 */
export function changeDeadLetters(
  environment: Environment,
  state: DeadState,
  letters: readonly DeadLetter[],
  removals: readonly string[],
  maxBytes: number,
): DeadLetterChange {
  const put = fresh(environment, state, letters)
  const remove = known(environment, removals)
  let bytes = state.bytes + put.reduce((sum, { letter }) => sum + deadLetterBytes(letter), 0)
  for (const { number } of remove) bytes -= sizeOf(environment, number)
  if (bytes > maxBytes) {
    const gone = new Set(remove.map(({ number }) => number))
    for (const { key, value } of environment.deadLetters.getRange()) {
      if (bytes <= maxBytes) break
      if (gone.has(key)) continue
      remove.push({ number: key, id: value.id })
      bytes -= deadLetterBytes(value)
    }
  }
  return { state: { ...counted(state, put), bytes }, put, remove }
}

function fresh(environment: Environment, state: DeadState, letters: readonly DeadLetter[]) {
  const ids = new Set<string>()
  const put: { number: number; letter: DeadLetter }[] = []
  for (const letter of letters) {
    if (ids.has(letter.id) || environment.deadLetterIds.get(letter.id) !== undefined) continue
    ids.add(letter.id)
    put.push({ number: state.next + put.length, letter })
  }
  return put
}

function known(environment: Environment, ids: readonly string[]) {
  return [...new Set(ids)].flatMap((id) => {
    const number = environment.deadLetterIds.get(id)
    return number === undefined ? [] : [{ number, id }]
  })
}

function sizeOf(environment: Environment, number: number): number {
  const letter = environment.deadLetters.get(number)
  return letter ? deadLetterBytes(letter) : 0
}

function counted(state: DeadState, put: readonly { letter: DeadLetter }[]): DeadState {
  const byReason = { ...state.byReason }
  let readings = state.readings
  for (const { letter } of put) {
    byReason[letter.reason] = (byReason[letter.reason] ?? 0) + 1
    readings += letter.readings
  }
  return { next: state.next + put.length, bytes: state.bytes, byReason, readings }
}

/** The port over the environment; removing goes through the log's group commit. */
export class DeadLetterBox implements DeadLetters {
  constructor(
    private readonly environment: Environment,
    private readonly state: () => DeadState,
    private readonly removeDurably: (ids: readonly string[]) => Promise<void>,
  ) {}

  async list(options: { limit?: number; reason?: DeadLetterReason } = {}): Promise<DeadLetter[]> {
    const { limit = 100, reason } = options
    const letters: DeadLetter[] = []
    for (const { value } of this.environment.deadLetters.getRange({ reverse: true })) {
      if (letters.length >= limit) break
      if (reason === undefined || value.reason === reason) letters.push(value)
    }
    return letters
  }

  async counts(): Promise<{ byReason: Partial<Record<DeadLetterReason, number>>; readings: number }> {
    const { byReason, readings } = this.state()
    return { byReason: { ...byReason }, readings }
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.removeDurably(ids)
  }
}
