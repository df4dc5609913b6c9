import type { RedisAddress } from './address.ts'
import type { ServerFacts, ServerInfo } from './facts.ts'

/** A setting with which Redis may lose what it was given. */
export interface RedisRisk {
  /** With a `problem` nothing may be entrusted to it. */
  readonly level: 'problem' | 'warning'
  readonly problem: string
  /** What to set, in words of redis.conf. */
  readonly setting: string
}

/** What the servers' settings put at risk, the worst first; empty when they keep what they are given. */
export function findRisks(kind: RedisAddress['kind'], servers: readonly ServerFacts[]): RedisRisk[] {
  const risks = servers.flatMap(({ name, info }) => (info ? risksOf(kind, name, info) : [unknown(name)]))
  return risks.sort((a, b) => Number(a.level === 'warning') - Number(b.level === 'warning'))
}

const unknown = (name: string): RedisRisk => ({
  level: 'warning',
  problem: `${name} does not let this user ask for INFO: whether it keeps everything could not be checked`,
  setting: 'see to maxmemory-policy noeviction and appendonly yes, or give the user +info',
})

function risksOf(kind: RedisAddress['kind'], name: string, info: ServerInfo): RedisRisk[] {
  const { version, policy, appendOnly, replicas, needsReplica } = info
  const risks: RedisRisk[] = []
  if (Number.parseInt(version, 10) < 5) {
    const problem = `${name} runs Redis ${version}, which does not know streams`
    risks.push({ level: 'problem', problem, setting: 'install Redis 6.2 or newer' })
  }
  if (policy === undefined) risks.push(unknown(name))
  else if (policy !== 'noeviction') {
    const problem = `${name} throws keys away when memory runs short (maxmemory-policy ${policy})`
    risks.push({ level: 'problem', problem, setting: 'set maxmemory-policy noeviction' })
  }
  if (appendOnly === false) {
    const problem = `${name} forgets what it was given last when it is killed (appendonly no)`
    risks.push({ level: 'warning', problem, setting: 'set appendonly yes' })
  }
  if (!needsReplica && (kind === 'sentinel' || (kind === 'cluster' && replicas > 0))) {
    const problem = `${name} takes writes that no replica follows: a failover would lose them`
    risks.push({
      level: 'warning',
      problem,
      setting: 'set min-replicas-to-write 1 and min-replicas-max-lag 5',
    })
  }
  return risks
}
