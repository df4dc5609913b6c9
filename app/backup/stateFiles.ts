import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
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
  const own = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !ofTheEngines.some((pattern) => pattern.test(name)),
  )
  const paths = own.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : []
  })
  return paths.map((path) => relative(folder, path).replaceAll('\\', '/')).sort()
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

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
  if (first) mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, Buffer.from(data, 'base64'), { flag: first ? 'wx' : 'a', mode: 0o600 })
}
