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
 * Opens a database that makes its file, so that a power cut on the way leaves none rather than half of one: until all of
 * it is on disk a mark lies beside the file, and a marked file is made anew. Nobody else may have it open, and closing a
 * descriptor of the file must not matter to it. Throws DATA_FOLDER_UNUSABLE, and what `open` throws.
 */
export function openWhole<T>(folder: string, file: string, open: () => T): T {
  const mark = join(folder, `${file}.making`)
  inFolder(folder, () => beginMaking(join(folder, file), mark))
  const opened = open()
  inFolder(folder, () => endMaking(join(folder, file), mark))
  return opened
}

function beginMaking(file: string, mark: string): void {
  if (existsSync(mark)) rmSync(file, { force: true })
  if (existsSync(file)) return
  writeFileSync(mark, '')
  syncPath(dirname(mark))
}

function endMaking(file: string, mark: string): void {
  if (existsSync(mark)) syncPath(file)
  rmSync(mark, { force: true })
  syncPath(dirname(mark))
}

function inFolder(folder: string, work: () => void): void {
  try {
    work()
  } catch (thrown) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(thrown) }, thrown)
  }
}
