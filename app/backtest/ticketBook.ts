import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTicketDatabase } from '../../alerts/db/open.ts'
import { openPglite } from '../../alerts/pglite/pglite.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import { systemClock } from '../../core/clock.ts'
import type { TicketStore } from '../../core/ports.ts'

/** A ticket store of its own, whose clock is set by hand and which is gone afterwards. */
export interface TicketBook {
  readonly tickets: TicketStore
  /** ms: when tickets are opened and changed from now on. */
  setTime(time: number): void
  close(): Promise<void>
}

/** The store that plants use, on an embedded PostgreSQL in a temporary folder. */
export async function openTicketBook(): Promise<TicketBook> {
  const folder = await mkdtemp(join(tmpdir(), 'forewarn-backtest-'))
  const pglite = await openPglite({ folder: join(folder, 'pg') })
  const { db } = await openTicketDatabase({ url: 'pglite:', caFile: '' }, { pglite: async () => pglite })
  let time = 0
  return {
    tickets: createTicketStore(db, { clock: { ...systemClock, now: () => time } }),
    setTime(now) {
      // Whole ms, as they are stored; a simulated failure lies between two of them.
      time = Math.floor(now)
    },
    async close() {
      await pglite.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
