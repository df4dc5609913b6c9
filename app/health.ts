import type { Accounts } from './accounts.ts'

export interface Check {
  readonly name: string
  readonly ok: boolean
  readonly detail: string
}

/** Behind by more than this, the store or the scorer no longer keeps up with the devices. */
const mostLagMs = 60_000
/** From this share of its cap on, the log is about to refuse readings. */
const fullShare = 0.9

/** Ready means: what a device sends now is kept, stored, scored and can become a ticket. */
export async function healthOf({
  log,
  store,
  queue,
  config,
}: Accounts): Promise<{ ready: boolean; checks: Check[] }> {
  const { bytes, oldestAgeMs } = log.stats()
  const { state, error } = store.stats()
  const full = bytes / config.log.maxBytes
  const checks: Check[] = [
    { name: 'log', ok: full < fullShare, detail: `${Math.round(full * 100)} % of its cap in use` },
    {
      name: 'lag',
      ok: oldestAgeMs < mostLagMs,
      detail: `oldest unhandled reading is ${Math.round(oldestAgeMs / 1000)} s old`,
    },
    { name: 'store', ok: state === 'ok', detail: error ? `${state}: ${error}` : state },
    await queueCheck(queue),
  ]
  return { ready: checks.every((check) => check.ok), checks }
}

async function queueCheck(look: Accounts['queue']): Promise<Check> {
  const { counts, problem } = await look()
  const detail = problem ?? `${counts.waiting} waiting, ${counts.failed} failed`
  return { name: 'queue', ok: problem === undefined, detail }
}
