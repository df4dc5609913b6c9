import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { syncPath } from '../../durableFolder.ts'

/**
 * DuckDB syncs its write-ahead log at every commit, but never the folder that names it, and makes a new one after every
 * checkpoint: a power cut would leave no name to what was committed since.
 */
export class WalName {
  private readonly wal: string
  /** The file whose name is on disk. */
  private synced: string | undefined

  constructor(file: string) {
    this.wal = `${file}.wal`
    this.synced = this.present()
  }

  /** Called after a commit: brings a new log's name to disk. Throws the file system's error. */
  sync(): void {
    const present = this.present()
    if (present === undefined || present === this.synced) return
    syncPath(dirname(this.wal))
    this.synced = present
  }

  /** A file that took the place of another may have its number, but was not born with it. */
  private present(): string | undefined {
    const status = statSync(this.wal, { bigint: true, throwIfNoEntry: false })
    return status && `${status.ino} ${status.birthtimeNs}`
  }
}
