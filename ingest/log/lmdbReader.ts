import type { Catalogue } from '../../core/catalogue.ts'
import type { LogReader, LogSlice } from '../../core/ports.ts'
import type { LogPosition } from '../../core/reading.ts'
import { BlockReader } from './blockReader.ts'
import { type Environment, openEnvironment } from './environment.ts'

/**
 * The consuming side of an existing log, read-only, for another thread or process than the writer's. Throws
 * DATA_FOLDER_UNUSABLE, LOG_DAMAGED.
 */
export function openLogReader(options: { folder: string; catalogue: Catalogue }): LogReader {
  const environment = openEnvironment(options.folder, 'reader')
  return new LmdbReader(environment, new BlockReader(environment, options.folder, options.catalogue))
}

class LmdbReader implements LogReader {
  constructor(
    private readonly environment: Environment,
    private readonly blocks: BlockReader,
  ) {}

  read(after: LogPosition, maxReadings: number): LogSlice | undefined {
    return this.blocks.read(after, maxReadings)
  }

  last(): LogPosition {
    return this.blocks.state().last
  }

  async close(): Promise<void> {
    await this.environment.root.close()
  }
}
