import { startProcess } from '../../support/forewarnProcess.ts'
import { writeCatalogue } from '../lib/catalogue.ts'
import { backlogOf, summaryOf } from '../lib/looks.ts'
import type { Subject } from './subject.ts'

export interface EmbeddedOptions {
  readonly stride: number
  readonly cadenceMs: number
  readonly logBytes: number
}

/** forewarn with everything embedded. What counts as stored here is scored, too: the slower of the two sets the rate. */
export async function startEmbedded(
  folder: string,
  { stride, cadenceMs, logBytes }: EmbeddedOptions,
): Promise<Subject & { readonly httpUrl: string }> {
  const forewarn = await startProcess({
    folder,
    env: {
      FOREWARN_CATALOGUE_FOLDER: writeCatalogue(folder, { cadenceMs, stride }),
      FOREWARN_INGEST_MAXPASTDAYS: '400',
      FOREWARN_LOG_MAXBYTES: String(logBytes),
    },
  })
  // it is asked for all devices together: those of a trial are what came since the last one
  let trial = { prefix: '', before: 0, now: 0 }
  return {
    port: Number(new URL(forewarn.mqttUrl).port),
    httpUrl: forewarn.httpUrl,
    pids: { forewarn: forewarn.pid },
    async stored(prefix) {
      const { readings, log } = await summaryOf(forewarn)
      const now = readings.stored + (log.behind.store ?? 0) - backlogOf({ log })
      trial = prefix === trial.prefix ? { ...trial, now } : { prefix, before: trial.now, now }
      return now - trial.before
    },
    waiting: async () => backlogOf(await summaryOf(forewarn)),
    close: async () => void (await forewarn.stop()),
  }
}
