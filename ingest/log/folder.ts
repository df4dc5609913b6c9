import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ForewarnError, messageOf } from '../../core/errors.ts'
import { makeFolder } from '../durableFolder.ts'

/** Room that a new environment and its lock file need at least, bytes. */
const probeBytes = 128 * 1024

/**
 * Makes the folder and proves that it can be written, by writing: lmdb maps its lock file before it looks whether the
 * disk has room for it, and dies of a full one. Throws DATA_FOLDER_UNUSABLE.
 */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder)
    probe(join(folder, `probe.${process.pid}`))
  } catch (thrown) {
    throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem: messageOf(thrown) }, thrown)
  }
}

function probe(path: string): void {
  const file = openSync(path, 'w')
  try {
    const zeros = Buffer.alloc(probeBytes)
    for (let written = 0; written < probeBytes; ) written += writeSync(file, zeros, written)
    fsyncSync(file)
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}
