import { type Database, open, type RootDatabase } from 'lmdb'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import type { DeadLetter, DeadLetterReason, LogPosition } from '../../core/reading.ts'
import { openWhole } from '../durableFolder.ts'
import type { Layout } from './batchBuilder.ts'
import { environmentProblem } from './environmentFile.ts'
import { prepareFolder } from './folder.ts'
import type { KnownDevice } from './log.ts'

export const formatVersion = 1

/** All that the log knows about itself, rewritten in every transaction: it can never disagree with the blocks. */
export interface LogState {
  readonly format: number
  /** Newest block. */
  readonly last: LogPosition
  /** Newest block that was removed. */
  readonly trimmed: LogPosition
  /** Readings and bytes in all blocks ever written, and bytes in the removed ones. */
  readonly readings: number
  readonly bytes: number
  readonly trimmedBytes: number
  readonly cursors: Readonly<Record<string, LogPosition>>
  readonly dead: DeadState
}

export interface DeadState {
  /** Running number of the next dead letter. */
  readonly next: number
  /** Bytes kept. */
  readonly bytes: number
  /** Totals since the folder was made. */
  readonly byReason: Readonly<Partial<Record<DeadLetterReason, number>>>
  readonly readings: number
}

export const emptyState: LogState = {
  format: formatVersion,
  last: 0,
  trimmed: 0,
  readings: 0,
  bytes: 0,
  trimmedBytes: 0,
  cursors: {},
  dead: { next: 1, bytes: 0, byReason: {}, readings: 0 },
}

export interface Environment {
  readonly root: RootDatabase
  readonly state: Database<LogState, string>
  readonly blocks: Database<Buffer, LogPosition>
  readonly devices: Database<KnownDevice, number>
  readonly layouts: Database<Layout, number>
  readonly deadLetters: Database<DeadLetter, number>
  /** Running number of a dead letter by its id. */
  readonly deadLetterIds: Database<number, string>
}

/** `owner`: the log's writer, which makes it; `guest`: writes beside it; `reader`: finds it made. */
export type Opener = 'owner' | 'guest' | 'reader'

/**
 * Opens the log's folder. Throws DATA_FOLDER_UNUSABLE where it cannot be written, LOG_DAMAGED where what lies there
 * is no log of this version.
 */
export function openEnvironment(folder: string, opener: Opener): Environment {
  const readOnly = opener === 'reader'
  if (!readOnly) prepareFolder(folder)
  if (opener !== 'owner') return openSafely(folder, readOnly)
  return openWhole(folder, () => openSafely(folder, readOnly))
}

function openSafely(folder: string, readOnly: boolean): Environment {
  const problem = environmentProblem(folder, readOnly)
  if (problem) throw new ForewarnError('LOG_DAMAGED', { folder, problem })
  try {
    return openDatabases(folder, readOnly)
  } catch (thrown) {
    throw openingError(folder, thrown)
  }
}

function openDatabases(folder: string, readOnly: boolean): Environment {
  const root = open({
    path: folder,
    // a dot in the folder's name would otherwise make it a file
    noSubdir: false,
    readOnly,
    // one commit at a time is all a group commit needs; without overlap a commit that resolved is on disk
    overlappingSync: false,
    // turns would be batched behind a promise of their own, whose rejection nobody can catch
    eventTurnBatching: false,
    encoding: 'binary',
  })
  try {
    return {
      root,
      // keys are lmdb's ordered numbers: its uint32 keys would end after four billion blocks
      state: required(root.openDB<LogState, string>('state', { encoding: 'json' }), 'state'),
      blocks: required(root.openDB<Buffer, LogPosition>('blocks', { encoding: 'binary' }), 'blocks'),
      devices: required(root.openDB<KnownDevice, number>('devices', { encoding: 'json' }), 'devices'),
      layouts: required(root.openDB<Layout, number>('layouts', { encoding: 'json' }), 'layouts'),
      deadLetters: required(
        root.openDB<DeadLetter, number>('deadLetters', { encoding: 'msgpack' }),
        'deadLetters',
      ),
      deadLetterIds: required(
        root.openDB<number, string>('deadLetterIds', { encoding: 'json' }),
        'deadLetterIds',
      ),
    }
  } catch (thrown) {
    void root.close()
    throw thrown
  }
}

/** A read-only environment gives undefined for a database that is not there, whatever its types say. */
function required<T>(database: T | undefined, name: string): T {
  if (database) return database
  throw new Error(`it has no database ${name}`)
}

/** What is wrong with the disk says so by an errno; everything else is wrong with what lies on it. */
function openingError(folder: string, thrown: unknown): ForewarnError {
  const problem = messageOf(thrown)
  const ofTheDisk =
    /permission denied|read-only|no space|not a directory|no such file|input\/output|too large|quota|not permitted/i
  if (ofTheDisk.test(problem)) return new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem }, thrown)
  return new ForewarnError('LOG_DAMAGED', { folder, problem }, thrown)
}

/**
 * The state as it lies there; undefined in a new environment. Throws LOG_DAMAGED where another version wrote it.
 */
export function readState(environment: Environment, folder: string): LogState | undefined {
  const state = environment.state.get('log')
  if (state && state.format !== formatVersion) {
    const problem = `it has format ${state.format}, this version writes ${formatVersion}`
    throw new ForewarnError('LOG_DAMAGED', { folder, problem })
  }
  return state
}

/**
 * Runs the puts as one transaction; resolves when it is on disk, rejects with LOG_FAILED when nothing of it was kept.
 */
export async function writeDurably(
  { root }: { readonly root: Pick<RootDatabase, 'batch' | 'flushed'> },
  puts: () => void,
): Promise<void> {
  try {
    await root.batch(puts)
    await root.flushed
  } catch (thrown) {
    throw new ForewarnError('LOG_FAILED', { problem: await commitProblem(thrown) }, thrown)
  }
}

/** lmdb says only "commit failed" and rejects a second promise with the cause; unheard, it would end the process. */
async function commitProblem(thrown: unknown): Promise<string> {
  const cause = (thrown as { commitError?: Promise<never> }).commitError
  if (!cause) return messageOf(thrown)
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, 1000, messageOf(thrown))
  })
  return Promise.race([cause.catch(messageOf), silence]).finally(() => clearTimeout(timer))
}
