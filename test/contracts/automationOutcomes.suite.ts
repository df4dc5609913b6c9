import type { Kysely } from 'kysely'
import { beforeAll, describe, expect, it } from 'vitest'
import { createAlarmState } from '../../alerts/alarms/sqlAlarms.ts'
import type { Database } from '../../alerts/db/schema.ts'
import { newAlarm } from '../../alerts/policy/alarm.ts'
import { outcomesCounted } from '../../alerts/policy/automation/level.ts'
import {
  type AutomationOutcomes,
  createAutomationOutcomes,
} from '../../alerts/policy/automation/sqlOutcomes.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import type { ManualClock } from '../../core/clock.ts'
import type { Verdict } from '../../core/ticket.ts'
import { predictionOf } from './ticketsPredictions.ts'

/** What the outcomes of alarms must say, beside whatever else is in the database; the asset type is theirs alone. */
export function automationOutcomesContract(
  name: string,
  make: () => Promise<{ db: Kysely<Database>; clock: ManualClock }>,
): void {
  describe(`outcomes of alarms: ${name}`, () => {
    let db: Kysely<Database>
    let clock: ManualClock
    let outcomes: AutomationOutcomes
    beforeAll(async () => {
      const made = await make()
      db = made.db
      clock = made.clock
      outcomes = createAutomationOutcomes(db)
    })

    async function finished(device: string, mode: string, verdict: Verdict): Promise<number> {
      const tickets = createTicketStore(db, { clock })
      clock.advance(1_000)
      const { ticket } = await tickets.raise(predictionOf({ device, mode, assetType: 'lathe' }))
      const wish = { to: 'resolved', actor: 'Ada', version: ticket.version, verdict } as const
      await tickets.change(ticket.id, verdict === 'confirmed' ? { ...wish, verdictMode: mode } : wish)
      return clock.now()
    }
    const ofLathes = async () => (await outcomes.verdicts()).filter(({ assetType }) => assetType === 'lathe')

    it('tell what planners found, by the suspected mode; a ticket nobody looked at tells nothing', async () => {
      const right = await finished('lathe-1', 'worn_tool', 'confirmed')
      const wrong = await finished('lathe-2', 'worn_tool', 'false_alarm')
      const none = await finished('lathe-3', 'loose_belt', 'no_fault_found')
      await finished('lathe-4', 'worn_tool', 'not_inspected')
      await createTicketStore(db, { clock }).raise(predictionOf({ device: 'lathe-5', assetType: 'lathe' }))
      const told = (await ofLathes()).sort((a, b) => a.at - b.at)
      expect(told).toEqual([
        { assetType: 'lathe', mode: 'worn_tool', right: true, at: right },
        { assetType: 'lathe', mode: 'worn_tool', right: false, at: wrong },
        { assetType: 'lathe', mode: 'loose_belt', right: false, at: none },
      ])
    })

    it('are the newest of each mode', async () => {
      for (let i = 0; i < outcomesCounted; i++) await finished(`lathe-${100 + i}`, 'worn_tool', 'false_alarm')
      const told = await ofLathes()
      expect(told.filter(({ mode }) => mode === 'worn_tool')).toHaveLength(outcomesCounted)
      expect(told.some(({ right }) => right)).toBe(false)
      expect(told.filter(({ mode }) => mode === 'loose_belt')).toHaveLength(1)
    })

    it('tell the raises in the shadow with what became of the device', async () => {
      const register = createDeviceRegister(db)
      const seen = { site: 'north', assetType: 'lathe', firstSeen: 1 }
      await register.seen([
        { device: 'lathe-7', ...seen },
        { device: 'lathe-8', ...seen },
        { device: 'lathe-9', ...seen },
      ])
      await register.addEvent({ device: 'lathe-7', time: 900, kind: 'failed', detail: '' })
      await register.addEvent({ device: 'lathe-7', time: 100, kind: 'installed', detail: '' })
      const raises = [{ at: 500, mode: 'worn_tool', decidedAt: 1_732_250_100_000 }]
      await createAlarmState(db).save([
        { ...newAlarm('lathe-7'), judgedUntil: 1_000, shadowed: raises },
        { ...newAlarm('lathe-8'), judgedUntil: 2_000, shadowed: raises },
        { ...newAlarm('lathe-9'), judgedUntil: 3_000 },
      ])
      const told = (await outcomes.shadows()).filter(({ assetType }) => assetType === 'lathe')
      expect(told.sort((a, b) => a.judgedUntil - b.judgedUntil)).toEqual([
        {
          device: 'lathe-7',
          assetType: 'lathe',
          raises,
          judgedUntil: 1_000,
          events: [
            { kind: 'installed', time: 100 },
            { kind: 'failed', time: 900 },
          ],
        },
        { device: 'lathe-8', assetType: 'lathe', raises, judgedUntil: 2_000, events: [] },
      ])
    })
  })
}
