import { open as openTruly, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'

/* lmdb as it must not be used: see readingLog.ts, which says which of the two faults by FAULTY_LMDB. */

export function open(options: RootDatabaseOptionsWithPath): RootDatabase {
  const fault = process.env.FAULTY_LMDB === 'without sync' ? { noSync: true } : { noMetaSync: true }
  return openTruly({ ...options, ...fault })
}
