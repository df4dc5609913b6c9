import { type Service, startService } from '../../services/harness.ts'

const database = 'bench'

/** An InfluxDB with an empty database. */
export interface Influx {
  readonly port: number
  readonly pid: number
  readonly database: string
  /** As forewarn's telemetry.url. */
  readonly url: string
  /** Readings of pumps whose names begin with this. */
  readings(prefix: string): Promise<number>
  close(): Promise<void>
}

export async function startInflux(): Promise<Influx> {
  const service = await startService('influxd')
  await ask(service, `CREATE DATABASE ${database}`)
  return {
    port: service.port,
    pid: service.pid()!,
    database,
    url: `${service.url}/${database}`,
    readings: async (prefix) =>
      (await ask(service, `SELECT count("vibration") FROM "pump" WHERE "device" =~ /^${prefix}/`)) ?? 0,
    close: () => service.close(),
  }
}

/** The first number that a query answers with, after the time. */
async function ask({ port }: Service, query: string): Promise<number | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/query?db=${database}`, {
    method: 'POST',
    body: new URLSearchParams({ q: query }),
  })
  const { results } = (await response.json()) as {
    results: [{ error?: string; series?: [{ values: number[][] }] }]
  }
  if (results[0].error) throw new Error(`InfluxDB answered ${results[0].error} to ${query}`)
  return results[0].series?.[0].values[0]?.[1]
}
