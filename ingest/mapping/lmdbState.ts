import { open, type RootDatabase } from 'lmdb'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { openWhole } from '../durableFolder.ts'
import { writeDurably } from '../log/environment.ts'
import { environmentProblem } from '../log/environmentFile.ts'
import { prepareFolder } from '../log/folder.ts'
import { GroupCommit } from '../log/groupCommit.ts'
import type { MappingState } from './state.ts'

/**
 * The state in an lmdb environment of its own; what gathers while one commit runs goes into the next, the last value of
 * a key only. Throws DATA_FOLDER_UNUSABLE, MAPPING_STATE_DAMAGED.
 */
export function openMappingState(folder: string): MappingState {
  prepareFolder(folder)
  const root = openWhole(folder, () => openRoot(folder))
  const commits = new GroupCommit<Map<string, unknown>>(
    () => new Map(),
    (changes) => writeDurably({ root }, () => put(root, changes)),
  )
  return {
    // one behind the last key that begins so
    entries: (prefix) =>
      root.getRange({ start: prefix, end: `${prefix}\uffff` }).map(({ key, value }) => [key, value]),
    save: async (changes) => {
      if (changes.length === 0) return
      await commits.add((group) => {
        for (const [key, value] of changes) group.set(key, value)
      })
    },
    close: async () => {
      await commits.idle()
      await root.close()
    },
  }
}

/** Runs within a transaction. */
function put(root: RootDatabase<unknown, string>, changes: ReadonlyMap<string, unknown>): void {
  for (const [key, value] of changes) {
    if (value === undefined) void root.remove(key)
    else void root.put(key, value)
  }
}

function openRoot(folder: string): RootDatabase<unknown, string> {
  const problem = environmentProblem(folder, false)
  if (problem) throw new ForewarnError('MAPPING_STATE_DAMAGED', { folder, problem })
  try {
    // the same settings as the reading log's, for the same reasons
    return open<unknown, string>({
      path: folder,
      noSubdir: false,
      overlappingSync: false,
      eventTurnBatching: false,
      encoding: 'msgpack',
    })
  } catch (thrown) {
    throw new ForewarnError('MAPPING_STATE_DAMAGED', { folder, problem: messageOf(thrown) }, thrown)
  }
}
