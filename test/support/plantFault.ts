import { afterAll, beforeAll, it } from 'vitest'
import { describeServices, type Service, type ServiceName, startService } from '../services/harness.ts'
import { type Fault, underLoad } from './faultStory.ts'
import { type Installation, oneEach, startInstallation } from './installation.ts'

/** The services of an installation, each to be taken away by itself, and its four processes. */
export interface Plant {
  readonly influx: Service
  readonly postgres: Service
  /** A single server, or Sentinels and what they watch over. */
  readonly redis: Redis
  /** Undefined with the embedded broker. */
  readonly broker: Service | undefined
  readonly installation: Installation
}

/** Whatever Redis is, it has an address and an end. */
interface Redis {
  readonly url: string
  close(): Promise<void>
}

export interface PlantFault<R extends Redis> {
  readonly title: string
  readonly startRedis: () => Promise<R>
  /** An external broker instead of the embedded one. */
  readonly externalBroker?: boolean
  readonly fault: (plant: Plant & { readonly redis: R }) => Fault
}

/** One fault under load, against an installation of its own. */
export function describePlantFault<R extends Redis>(options: PlantFault<R>): void {
  const needed: ServiceName[] = ['influxd', 'redis-server', 'postgres']
  if (options.externalBroker) needed.push('mosquitto')
  describeServices(needed, options.title, () => {
    const closers: (() => Promise<void>)[] = []
    let plant: Plant & { readonly redis: R }

    beforeAll(async () => {
      plant = await startPlant(options, closers)
    }, 120_000)
    afterAll(async () => {
      for (const close of closers.toReversed()) await close()
    }, 60_000)

    it('loses nothing, doubles no ticket, is named by the health, and needs no restart of forewarn', async () => {
      const { installation, broker } = plant
      await underLoad(installation, () => broker?.url ?? installation.mqttUrl, options.fault(plant))
    }, 300_000)
  })
}

async function startPlant<R extends Redis>(
  { startRedis, externalBroker }: PlantFault<R>,
  closers: (() => Promise<void>)[],
): Promise<Plant & { readonly redis: R }> {
  const started = async <S extends { close(): Promise<void> }>(starting: Promise<S>): Promise<S> => {
    const service = await starting
    closers.push(() => service.close())
    return service
  }
  const [influx, postgres, redis, broker] = await Promise.all([
    started(startService('influxd')),
    started(startService('postgres')),
    started(startRedis()),
    externalBroker ? started(startService('mosquitto')) : undefined,
  ])
  const installation = await started(
    startInstallation(
      { influx: `${influx.url}/plant`, redis: redis.url, postgres: postgres.url },
      broker ? { FOREWARN_MQTT_URL: broker.url } : {},
      oneEach,
    ),
  )
  return { influx, postgres, redis, broker, installation }
}
