import type { Config } from './config.ts'
import { roleNames } from './configSchema.ts'
import { isLoopback } from './loopback.ts'

/** Keys that do not go together: the one to name, and why. */
export interface Contradiction {
  readonly path: string
  readonly problem: string
}

/** The first contradiction between keys that are each valid by themselves. */
export function findContradiction(config: Config): Contradiction | undefined {
  const { policy, http, mqtt, calendar } = config
  if (policy.k > policy.n) return { path: 'policy.k', problem: 'k cannot be more than n' }
  if (policy.clearBelow > policy.raiseAt) {
    const problem = 'it cannot be above raiseAt: an alarm would clear while it is raised'
    return { path: 'policy.clearBelow', problem }
  }
  if (calendar.from >= calendar.to) {
    return { path: 'calendar.to', problem: 'a working day has to end after it begins, on the same day' }
  }
  return (
    halfTls('http', http) ??
    halfTls('mqtt', mqtt) ??
    exposed('http', http, 'tokens', http.tokens) ??
    exposed('mqtt', mqtt, 'users', mqtt.users) ??
    externalBroker(config) ??
    halfTheRoles(config) ??
    shareOf(config)
  )
}

/** What only an external broker makes use of, and what members of a share group must not have in common. */
function externalBroker({ mqtt, worker }: Config): Contradiction | undefined {
  if (mqtt.caFile && !mqtt.url.startsWith('mqtts:')) {
    const problem = 'it is used with an external broker over TLS only: begin mqtt.url with mqtts://'
    return { path: 'mqtt.caFile', problem }
  }
  if (mqtt.shareGroup === '') return undefined
  if (mqtt.url === '') {
    return { path: 'mqtt.shareGroup', problem: 'the embedded broker serves one process: set mqtt.url too' }
  }
  if (worker.name !== 'main') return undefined
  const problem =
    'members of mqtt.shareGroup need a worker.name each, and always the same: it names the session that the broker keeps'
  return { path: 'worker.name', problem }
}

/** Processes that share the work share the services: what is embedded in one of them the others cannot reach. */
function halfTheRoles({ worker, telemetry, queue, tickets }: Config): Contradiction | undefined {
  if (new Set(worker.roles).size === roleNames.length) return undefined
  const embedded = [
    ...(telemetry.url.startsWith('influx') ? [] : ['telemetry.url (influx://)']),
    ...(queue.url.startsWith('redis') ? [] : ['queue.url (redis://)']),
    ...(tickets.url.startsWith('postgres') ? [] : ['tickets.url (postgres://)']),
  ]
  if (embedded.length === 0) return undefined
  const problem = `processes with some of the roles meet only through services: set ${embedded.join(', ')}`
  return { path: 'worker.roles', problem }
}

function shareOf({ worker, handoff }: Config): Contradiction | undefined {
  const [which, of] = worker.share.split('/').map(Number) as [number, number]
  if (which > of) return { path: 'worker.share', problem: `there is no ${which} of ${of}` }
  if (of <= handoff.partitions) return undefined
  return { path: 'worker.share', problem: `${of} processes cannot share ${handoff.partitions} partitions` }
}

interface Listener {
  readonly host: string
  readonly tlsCert: string
  readonly tlsKey: string
  readonly withoutTls: 'loopback' | 'private-network'
}

function halfTls(section: string, { tlsCert, tlsKey }: Listener): Contradiction | undefined {
  if (Boolean(tlsCert) === Boolean(tlsKey)) return undefined
  const [missing, given] = tlsCert ? ['tlsKey', 'tlsCert'] : ['tlsCert', 'tlsKey']
  return {
    path: `${section}.${missing}`,
    problem: `${section}.${given} is set; TLS needs certificate and key`,
  }
}

/**
 * Safe by default: what other machines reach asks who they are, and lets nobody read along. The second can be given up
 * where only a network that is nobody else's reaches it (decision 0018); the first cannot.
 */
function exposed(
  section: string,
  { host, tlsCert, withoutTls }: Listener,
  key: string,
  credentials: readonly string[],
): Contradiction | undefined {
  if (isLoopback(host)) return undefined
  const missing = [
    ...(credentials.length > 0 ? [] : [`${section}.${key}`]),
    ...(tlsCert || withoutTls === 'private-network' ? [] : [`${section}.tlsCert`, `${section}.tlsKey`]),
  ]
  if (missing.length === 0) return undefined
  const problem = `other machines reach ${host}: set ${missing.join(', ')} too, or listen on 127.0.0.1`
  return { path: `${section}.host`, problem }
}
