import { startService } from '../../services/harness.ts'
import { startProcess } from '../../support/forewarnProcess.ts'
import { writeCatalogue } from '../lib/catalogue.ts'
import { summaryOf } from '../lib/looks.ts'
import { startInflux } from './influx.ts'
import type { Subject } from './subject.ts'

/** Each reading is in one scored window: the stride is the window's length. */
export const stride = 72

/** Lets many messages be on their way to a subscriber of MQTT 3.1.1, too; beside what the recipe says (docs/brokers.md). */
export const mosquittoSettings = 'max_inflight_messages 1000'

/** forewarn with InfluxDB, behind its own broker or a Mosquitto. */
export async function startForewarnOnInflux(
  folder: string,
  broker: 'embedded' | 'mosquitto',
): Promise<Subject> {
  const influx = await startInflux()
  const mosquitto = broker === 'mosquitto' ? await startService('mosquitto', mosquittoSettings) : undefined
  const forewarn = await startProcess({
    folder,
    env: {
      FOREWARN_CATALOGUE_FOLDER: writeCatalogue(folder, { cadenceMs: 1_000, stride }),
      FOREWARN_INGEST_MAXPASTDAYS: '400',
      FOREWARN_TELEMETRY_URL: influx.url,
      ...(mosquitto ? { FOREWARN_MQTT_URL: mosquitto.url } : {}),
    },
  })
  return {
    port: mosquitto?.port ?? Number(new URL(forewarn.mqttUrl).port),
    pids: {
      forewarn: forewarn.pid,
      influxd: influx.pid,
      ...(mosquitto ? { mosquitto: mosquitto.pid()! } : {}),
    },
    stored: influx.readings,
    waiting: async () => (await summaryOf(forewarn)).log.behind.scorer ?? 0,
    async close() {
      await forewarn.stop()
      await mosquitto?.close()
      await influx.close()
    },
  }
}
