import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { openLogReader } from './lmdbReader.ts'
import { catalogueOf } from './testing.ts'

/* A thread for lmdbLog.test.ts: reads until it has as many readings as wanted and posts their times. */
const { folder, wanted } = workerData as { folder: string; wanted: number }
const log = openLogReader({ folder, catalogue: catalogueOf('a', 'b') })
const times: number[] = []
for (let position = 0; times.length < wanted; ) {
  const slice = log.read(position, 50)
  if (!slice) await pause(2)
  else {
    position = slice.position
    for (const batch of slice.batches) times.push(...batch.time)
  }
}
await log.close()
parentPort?.postMessage(times)
