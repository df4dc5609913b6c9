import { closeSync, existsSync, openSync, readdirSync, readSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeFolder, syncPath } from '../../ingest/durableFolder.ts'
import { restoringMark } from '../dataFolder.ts'
import type { RecordOf } from './archive/records.ts'

/** What the engines keep in the data folder: their parts of a backup come through them, never as files. */
const ofTheEngines = [
  /^log$/,
  /^pg(\..*)?$/,
  /^telemetry\.duckdb(\..*)?$/,
  /^forewarn\.pid$/,
  /^\.probe-\d+$/,
  new RegExp(`^${restoringMark}$`),
]

const pieceBytes = 1024 ** 2

/** Small files that parts keep beside the engines, by their path inside the data folder, in order. */
export function stateFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  const own = readdirSync(folder).filter((name) => !ofTheEngines.some((pattern) => pattern.test(name)))
  const paths = own.flatMap((name) => filesIn(join(folder, name)))
  return paths.map((path) => relative(folder, path).replaceAll('\\', '/')).sort()
}

/** Links are followed: a folder that was moved to another disk belongs to the data folder all the same. */
function filesIn(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory()) return readdirSync(path).flatMap((name) => filesIn(join(path, name)))
  return found?.isFile() ? [path] : []
}

/** A file in pieces. */
export function* piecesOf(folder: string, path: string): Generator<RecordOf<'file'>> {
  const file = openSync(join(folder, path), 'r')
  try {
    const piece = Buffer.alloc(pieceBytes)
    for (let first = true; ; first = false) {
      const length = readSync(file, piece)
      if (length === 0 && !first) return
      yield { kind: 'file', path, first, data: piece.toString('base64', 0, length) }
    }
  } finally {
    closeSync(file)
  }
}

/** Writes a piece behind those before it. The path was checked with its record. */
export function putPiece(folder: string, { path, first, data }: RecordOf<'file'>): void {
  const file = join(folder, path)
  if (first) makeFolder(dirname(file))
  writeFileSync(file, Buffer.from(data, 'base64'), { flag: first ? 'wx' : 'a', mode: 0o600 })
}

/** Brings them to disk; the engines do so with theirs, and take it ill when somebody else opens what they have locked. */
export function syncStateFiles(folder: string): void {
  const files = stateFiles(folder).map((path) => join(folder, path))
  for (const place of new Set([...files, ...files.map(dirname), folder])) syncPath(place)
}
