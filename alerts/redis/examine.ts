import { problemOf, type ServiceFinding } from '../finding.ts'
import type { RedisSettings } from './client.ts'
import type { ServerFacts } from './facts.ts'
import { type OpenedRedis, openRedis } from './link.ts'
import { findRisks } from './risks.ts'

/** Looks at the Redis that `queue.url` names: reachable, which versions, whether it keeps what it is given. Never throws. */
export async function examineRedis(settings: RedisSettings): Promise<ServiceFinding[]> {
  let opened: OpenedRedis | undefined
  try {
    opened = await openRedis(settings)
    return describe(opened)
  } catch (error) {
    return [problemOf(error)]
  } finally {
    await opened?.link.close()
  }
}

function describe({ address, servers }: OpenedRedis): ServiceFinding[] {
  const risks = findRisks(address.kind, servers)
  return [
    { level: 'ok', detail: `${address.name} answers: ${servers.map(lineOf).join('; ')}` },
    ...risks.map(({ level, problem, setting }) => ({
      level,
      detail: problem,
      remedy: `On the Redis server: ${setting}.`,
    })),
  ]
}

function lineOf({ name, info }: ServerFacts): string {
  if (!info) return name
  const replicas = info.replicas > 0 ? `, ${info.replicas} replicas` : ''
  const log = info.appendOnly === undefined ? '' : `, appendonly ${info.appendOnly ? 'yes' : 'no'}`
  return `${name} Redis ${info.version}, ${info.policy ?? 'policy unknown'}${log}${replicas}`
}
