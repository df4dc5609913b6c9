import { examinePostgres } from '../../alerts/db/examine.ts'
import { examineRedis } from '../../alerts/redis/examine.ts'
import type { Config } from '../../core/config.ts'
import { examineInflux } from '../../ingest/stores/influx/examine.ts'
import type { Finding } from '../finding.ts'

type Look = Omit<Finding, 'what'>

/** Looks at what the adapters' URLs name, and changes nothing there; embedded adapters are only named. */
export async function examineServices({ telemetry, queue, tickets }: Config): Promise<Finding[]> {
  return [
    ...named('telemetry', await examineIf(telemetry.url, () => examineInflux(telemetry))),
    ...named('queue', await examineIf(queue.url, () => examineRedis(queue))),
    ...named('tickets', await examineIf(tickets.url, () => examinePostgres(tickets))),
  ]
}

async function examineIf(url: string, look: () => Promise<Look | Look[]>): Promise<Look[]> {
  if (!url.includes('//')) return [{ level: 'ok', detail: `${url.replace(/:$/, '')}, embedded` }]
  return [await look()].flat()
}

const named = (what: string, looks: readonly Look[]): Finding[] => looks.map((look) => ({ what, ...look }))
