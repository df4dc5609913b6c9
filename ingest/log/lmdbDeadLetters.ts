import type { DeadLetters } from '../../core/ports.ts'
import { DeadLetterBox } from './deadLetterBox.ts'
import { type Environment, emptyState, openEnvironment, readState } from './environment.ts'
import { deadLetterBytes } from './pending.ts'

/**
 * The dead letters of a log that another process may be writing at the same time: for the command line. It never
 * touches what the writer keeps in memory, but for the bytes of the letters, which the writer reads again. Throws
 * DATA_FOLDER_UNUSABLE, LOG_DAMAGED.
 */
export function openDeadLetters(options: { folder: string }): DeadLetters & { close(): Promise<void> } {
  const environment = openEnvironment(options.folder, 'guest')
  const state = () => {
    environment.root.resetReadTxn()
    return readState(environment, options.folder) ?? emptyState
  }
  const box = new DeadLetterBox(
    environment,
    () => state().dead,
    async (ids) => removeAtOnce(environment, ids),
  )
  return Object.assign(box, { close: () => environment.root.close() })
}

/** One transaction that reads the state as it is inside it: nothing of the writer's is overwritten. */
function removeAtOnce(
  { root, state, deadLetters, deadLetterIds }: Environment,
  ids: readonly string[],
): void {
  root.transactionSync(() => {
    const log = state.get('log')
    if (!log) return
    let bytes = log.dead.bytes
    for (const id of ids) {
      const number = deadLetterIds.get(id)
      const letter = number === undefined ? undefined : deadLetters.get(number)
      if (number === undefined || !letter) continue
      bytes -= deadLetterBytes(letter)
      deadLetters.removeSync(number)
      deadLetterIds.removeSync(id)
    }
    state.putSync('log', { ...log, dead: { ...log.dead, bytes } })
  })
}
