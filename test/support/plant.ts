import { afterAll, beforeAll } from 'vitest'
import { describeServices, type Service, type ServiceName, startService } from '../services/harness.ts'
import { type Cast, type Installation, oneEach, startInstallation } from './installation.ts'

/** Whatever Redis is, a server, Sentinels or a cluster, it has an address and an end. */
interface Redis {
  readonly url: string
  close(): Promise<void>
}

/** The services of an installation, each to be taken away by itself, and its processes. */
export interface Plant<R extends Redis = Service, Name extends string = keyof typeof oneEach> {
  readonly influx: Service
  readonly postgres: Service
  readonly redis: R
  /** Undefined with the embedded broker. */
  readonly broker: Service | undefined
  readonly services: { readonly influx: string; readonly redis: string; readonly postgres: string }
  readonly installation: Installation<Name>
}

export interface PlantOptions<R extends Redis, C extends Cast> {
  readonly startRedis: () => Promise<R>
  readonly cast: C
  /** An external broker instead of the embedded one. */
  readonly externalBroker?: boolean
}

/** The usual plant: one Redis, one process a role. */
export const usual = { startRedis: () => startService('redis-server'), cast: oneEach }

/** `describe` around a plant of its own, which stands while the tests run. */
export function describePlant<R extends Redis, C extends Cast>(
  title: string,
  options: PlantOptions<R, C>,
  body: (plant: () => Plant<R, Extract<keyof C, string>>) => void,
): void {
  const needed: ServiceName[] = ['influxd', 'redis-server', 'postgres']
  if (options.externalBroker) needed.push('mosquitto')
  describeServices(needed, title, () => {
    const closers: (() => Promise<void>)[] = []
    let plant: Plant<R, Extract<keyof C, string>>
    beforeAll(async () => {
      plant = await startPlant(options, closers)
    }, 120_000)
    afterAll(async () => {
      for (const close of closers.toReversed()) await close()
    }, 60_000)
    body(() => plant)
  })
}

async function startPlant<R extends Redis, C extends Cast>(
  { startRedis, externalBroker, cast }: PlantOptions<R, C>,
  closers: (() => Promise<void>)[],
): Promise<Plant<R, Extract<keyof C, string>>> {
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
  const services = { influx: `${influx.url}/plant`, redis: redis.url, postgres: postgres.url }
  const env = broker ? { FOREWARN_MQTT_URL: broker.url } : {}
  const installation = await started(startInstallation(services, env, cast))
  return { influx, postgres, redis, broker, services, installation }
}
