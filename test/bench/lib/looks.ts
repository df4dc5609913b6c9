import type { Summary } from '../../../alerts/http/schemas/index.ts'
import { type ForewarnProcess, getJson, until } from '../../support/forewarnProcess.ts'

type Address = Pick<ForewarnProcess, 'httpUrl'>

export const summaryOf = ({ httpUrl }: Address): Promise<Summary> =>
  getJson<Summary>(`${httpUrl}/api/summary`)

/** p99 of the main thread's event-loop delay since the last call, ms. */
export async function eventLoopDelay({ httpUrl }: Address): Promise<number> {
  const metrics = await (await fetch(`${httpUrl}/metrics`)).text()
  const seconds = /^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(metrics)?.[1]
  return Number((Number(seconds) * 1_000).toFixed(1))
}

/** Readings that the slowest consumer of the log is behind. */
export const backlogOf = ({ log }: Pick<Summary, 'log'>): number =>
  Math.max(0, ...Object.values(log.behind).filter((n) => n !== undefined))

/** The summary once everything logged is stored and scored. */
export const whenSettled = (forewarn: Address, ms = 600_000): Promise<Summary> =>
  until(
    () => summaryOf(forewarn),
    (summary) => backlogOf(summary) === 0,
    ms,
  )
