import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What we know of the session that a broker keeps for us. */
export interface KnownSession {
  readonly broker: string
  readonly clientId: string
  readonly filters: readonly string[]
}

/** Remembers across restarts that a broker has a session of ours: only so can one that it has forgotten be named. */
export interface SessionMemory {
  recall(): KnownSession | undefined
  remember(session: KnownSession): void
}

/** For as long as the process lives. */
export function memoryOnly(): SessionMemory {
  let known: KnownSession | undefined
  return {
    recall: () => known,
    remember: (session) => {
      known = session
    },
  }
}

/** In a file of the folder. Throws what the file system throws: the data folder is checked at the start. */
export function sessionFile(folder: string): SessionMemory {
  const file = join(folder, 'mqtt-session.json')
  return {
    recall: () => read(file),
    remember: (session) => {
      mkdirSync(folder, { recursive: true })
      writeFileSync(`${file}.new`, JSON.stringify(session))
      renameSync(`${file}.new`, file)
    },
  }
}

/** A file that cannot be read counts as none: at worst a forgotten session is not named. */
function read(file: string): KnownSession | undefined {
  try {
    const known = JSON.parse(readFileSync(file, 'utf8'))
    const whole = typeof known.broker === 'string' && typeof known.clientId === 'string'
    return whole && Array.isArray(known.filters) ? known : undefined
  } catch {
    return undefined
  }
}
