import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ForewarnError, messageOf } from '../core/errors.ts'

/*
 * A file that was synced is still gone after a power cut where its folder was not: POSIX keeps names apart from contents.
 * Nothing may be acknowledged before both are on disk.
 */

/** Brings a file, or the names in a folder, to disk. Throws the file system's error. */
export function syncPath(path: string): void {
  // Windows can neither open folders nor sync what is open for reading only.
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes a folder and those above it, each name on disk. Throws the file system's error. */
export function makeFolder(folder: string): void {
  const path = resolve(folder)
  const topmost = mkdirSync(path, { recursive: true })
  if (topmost === undefined) return
  for (let made = path; made.length >= topmost.length; made = dirname(made)) syncPath(dirname(made))
}

/**
 * A database makes its file in steps, and a power cut between them may leave half of one. So until all of it is on disk a
 * mark lies beside it, and what is marked is removed and made anew. Called before a database is opened, by the one
 * that may make it. Throws DATA_FOLDER_UNUSABLE.
 * @param files the names of its files in the folder, the one that is always there first
 */
export function beginMaking(folder: string, files: readonly string[]): void {
  inFolder(folder, () => {
    const mark = markOf(folder, files)
    if (existsSync(mark)) for (const file of files) rmSync(join(folder, file), { force: true })
    if (existsSync(join(folder, files[0]!))) return
    writeFileSync(mark, '')
    syncPath(folder)
  })
}

/** Called once the database is open and its contents are on disk: brings its name there. Throws DATA_FOLDER_UNUSABLE. */
export function endMaking(folder: string, files: readonly string[]): void {
  inFolder(folder, () => {
    rmSync(markOf(folder, files), { force: true })
    syncPath(folder)
  })
}

const markOf = (folder: string, [file]: readonly string[]): string => join(folder, `${file}.making`)

const lmdbFile = 'data.mdb'

/** Opens an lmdb environment so that it is made whole or not at all. Throws DATA_FOLDER_UNUSABLE, and what `open` throws. */
export function openWhole<T>(folder: string, open: () => T): T {
  beginMaking(folder, [lmdbFile])
  const opened = open()
  // lmdb syncs a page when the next one names it: the first ones may wait
  inFolder(folder, () => syncPath(join(folder, lmdbFile)))
  endMaking(folder, [lmdbFile])
  return opened
}

function inFolder(folder: string, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(thrown) }, thrown)
  }
}
