import { type Service, type ServiceName, startService } from '../services/harness.ts'
import { type Installation, oneEach, startInstallation } from './installation.ts'

/** The services of an installation, each to be taken away by itself, and its four processes. */
export interface PlantUnderTest {
  readonly influx: Service
  readonly redis: Service
  readonly postgres: Service
  readonly installation: Installation
  close(): Promise<void>
}

export const plantServices: readonly ServiceName[] = ['influxd', 'redis-server', 'postgres']

export async function startPlant(env: Readonly<Record<string, string>> = {}): Promise<PlantUnderTest> {
  const [influx, redis, postgres] = await Promise.all([
    startService('influxd'),
    startService('redis-server'),
    startService('postgres'),
  ])
  const closeServices = async () => {
    for (const service of [influx, redis, postgres]) await service.close()
  }
  try {
    const installation = await startInstallation(
      { influx: `${influx.url}/plant`, redis: redis.url, postgres: postgres.url },
      env,
      oneEach,
    )
    const close = async () => {
      await installation.close()
      await closeServices()
    }
    return { influx, redis, postgres, installation, close }
  } catch (error) {
    await closeServices()
    throw error
  }
}
