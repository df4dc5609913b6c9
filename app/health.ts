import { type Role, roleNames } from '../core/configSchema.ts'
import { messageOf } from '../core/errors.ts'
import type { Board, ProcessAccount, SeenProcess } from './accounts.ts'
import type { Seen } from './look.ts'
import type { QueueCounts } from './summary.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

export interface HealthParts {
  readonly board: Board
  readonly own: () => Promise<ProcessAccount>
  /** The whole installation, or this process alone. */
  readonly scope: 'installation' | 'process'
  readonly queue: (() => Promise<Seen<QueueCounts>>) | undefined
  readonly database: () => Promise<Seen<unknown>>
}

/** Behind by more than this, the store or the scorer no longer keeps up with the devices. */
const mostLagMs = 60_000
/** From this share of its cap on, the log is about to refuse readings. */
const fullShare = 0.9

/** Ready means: what a device sends now is kept, stored, scored and can become a ticket. Never rejects. */
export async function healthOf(parts: HealthParts): Promise<{ ready: boolean; checks: Check[] }> {
  const { processes, problem } = await processesOf(parts)
  const several = processes.filter((one) => one.ingest).length > 1
  const checks = [
    ...processes.flatMap((one) => checksOf(one, several ? ` (${one.worker})` : '')),
    ...(parts.queue ? [await queueCheck(parts.queue)] : []),
    await databaseCheck(parts.database),
    ...(parts.scope === 'installation' ? [processesCheck(processes, problem)] : []),
  ]
  return { ready: checks.every((check) => check.ok), checks }
}

async function processesOf({ board, own, scope }: HealthParts) {
  const alone = async () => [{ ...(await own()), gone: false }]
  if (scope === 'process') return { processes: await alone() }
  try {
    return { processes: await board.all() }
  } catch (error) {
    return { processes: await alone(), problem: messageOf(error) }
  }
}

function checksOf({ gone, ingest, score }: SeenProcess, suffix: string): Check[] {
  // What a process that is gone said last is no longer true.
  if (gone) return []
  const problems = [
    { name: `broker${suffix}`, problem: ingest?.inletProblem },
    { name: `handoff${suffix}`, problem: ingest?.handoffProblem },
    { name: 'scorer', problem: score?.problem },
  ]
  return [
    ...(ingest ? ingestChecks(ingest, suffix) : []),
    ...problems.flatMap(({ name, problem }) => (problem ? [{ name, ok: false, detail: problem }] : [])),
  ]
}

function ingestChecks({ log, store }: NonNullable<SeenProcess['ingest']>, suffix: string): Check[] {
  const full = log.bytes / log.maxBytes
  const { state, error } = store
  const age = Math.round(log.oldestAgeMs / 1000)
  return [
    { name: `log${suffix}`, ok: full < fullShare, detail: `${Math.round(full * 100)} % of its cap in use` },
    {
      name: `lag${suffix}`,
      ok: log.oldestAgeMs < mostLagMs,
      detail: `oldest unhandled reading is ${age} s old`,
    },
    { name: `store${suffix}`, ok: state === 'ok', detail: error ? `${state}: ${error}` : state },
  ]
}

async function queueCheck(look: NonNullable<HealthParts['queue']>): Promise<Check> {
  const { value, problem } = await look()
  const detail = problem ?? `${value.waiting} waiting, ${value.failed} failed`
  return { name: 'queue', ok: problem === undefined, detail }
}

async function databaseCheck(look: HealthParts['database']): Promise<Check> {
  const { problem } = await look()
  return { name: 'tickets', ok: problem === undefined, detail: problem ?? 'the database answers' }
}

/** An ingest process has a log that nobody else has; any other is missed only where nobody else does its work. */
const isMissed = ({ roles }: SeenProcess, processes: readonly SeenProcess[]): boolean =>
  roles.includes('ingest') ||
  roles.some((role) => !processes.some((other) => !other.gone && other.roles.includes(role)))

function processesCheck(processes: readonly SeenProcess[], problem: string | undefined): Check {
  const name = 'processes'
  if (problem !== undefined) return { name, ok: false, detail: problem }
  const gone = processes
    .filter((one) => one.gone && isMissed(one, processes))
    .map(({ worker, roles }) => `${worker} (${roles.join(', ')})`)
  if (gone.length > 0) return { name, ok: false, detail: `no word of ${gone.join('; ')}` }
  const missing = roleNames.filter((role: Role) => !processes.some(({ roles }) => roles.includes(role)))
  if (missing.length > 0) return { name, ok: false, detail: `nobody has the role ${missing.join(', ')}` }
  return { name, ok: true, detail: processes.map(({ worker }) => worker).join(', ') }
}
