import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'

/*
 * lmdb maps its file into memory and trusts it: reading behind the end of a cut file is a SIGBUS, not an error. So its
 * meta pages are looked at before it opens. Layout (LMDB 1.0, mdb.c): two pages, each a page header of 24 bytes and
 * `MDB_meta`: magic u32, version u32, address, map size, two MDB_db of 48 bytes (the first begins with the page size),
 * last page u64, transaction u64.
 */
const magic = 0xbeef_c0de
const metaAt = 24
const pageSizeAt = metaAt + 24
const lastPageAt = metaAt + 120
const metaEnd = lastPageAt + 8

/**
 * What is wrong with the file that lmdb would open, or undefined (also where there is none yet). A file that ends
 * before its last page is lengthened with zeros: lmdb reports those as corrupted, if they belong to data at all.
 */
export function environmentProblem(folder: string, readOnly: boolean): string | undefined {
  const file = openExisting(join(folder, 'data.mdb'), readOnly)
  if (file === undefined) return undefined
  try {
    const size = fstatSync(file).size
    if (size === 0) return undefined
    const expected = expectedSize(file)
    if (expected === undefined) return 'data.mdb is not an lmdb file, or its beginning is damaged'
    if (size < expected && readOnly) return `data.mdb has ${size} of ${expected} bytes`
    if (size < expected) ftruncateSync(file, expected)
    return undefined
  } finally {
    closeSync(file)
  }
}

/** Bytes up to the last page that either meta page names; undefined where the first is none. */
function expectedSize(file: number): number | undefined {
  const first = readAt(file, 0)
  if (first.length < metaEnd || first.readUInt32LE(metaAt) !== magic) return undefined
  const pageSize = first.readUInt32LE(pageSizeAt)
  const second = readAt(file, pageSize)
  if (second.length < metaEnd || second.readUInt32LE(metaAt) !== magic) return undefined
  const lastPage = Math.max(...[first, second].map((meta) => Number(meta.readBigUInt64LE(lastPageAt))))
  return (lastPage + 1) * pageSize
}

function readAt(file: number, position: number): Buffer {
  const bytes = Buffer.alloc(metaEnd)
  return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, position))
}

function openExisting(path: string, readOnly: boolean): number | undefined {
  try {
    return openSync(path, readOnly ? 'r' : 'r+')
  } catch {
    return undefined // none yet, or not to be opened: lmdb words that
  }
}
