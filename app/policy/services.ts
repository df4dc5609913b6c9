import { type Automation, createAutomation } from '../../alerts/policy/automation/automation.ts'
import type { SettingChange } from '../../core/policySetting.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import type { Parts } from '../parts.ts'
import { type Budget, createBudget } from './budget.ts'

/** What sets the policy's settings, on people's behalf and by itself. */
export interface PolicyServices {
  readonly budget: Budget
  readonly automation: Automation
}

export function createPolicyServices({ catalogue, clock, config }: Around, parts: Parts): PolicyServices {
  const { inForce, settings: store, outcomes, register, tickets, maintenance } = parts
  const { telemetry, scores } = parts.store
  const { automation: rules, budget } = config.policy
  return {
    budget: createBudget({
      catalogue,
      inForce,
      store,
      register,
      tickets,
      maintenance,
      telemetry,
      scores,
      rules: budget,
      clock,
    }),
    automation: createAutomation({ catalogue, inForce, store, outcomes, rules }),
  }
}

/** Outcomes come seldom, and asking for them costs two short queries. */
const automationMs = 5_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Earns and loses automation, and fits thresholds to their budgets once a day; in one process for all. */
export function keepPolicy({ clock, closers, logger }: Around, { budget, automation }: PolicyServices): void {
  const tell = (made: readonly SettingChange[]) => {
    for (const { after, reason } of made) logger.info({ ...after, reason }, 'the policy has changed')
  }
  const earning = every(
    automationMs,
    async () => tell(await automation.round()),
    clock,
    (error) => logger.warn({ err: error }, 'automation stays as it is'),
  )
  closers.add('earned automation', () => earning.stop())
  let fitted = clock.elapsed()
  // Looked at every hour, so that a fit that failed is not a day late.
  const fitting = every(
    hourMs,
    async () => {
      if (clock.elapsed() - fitted < dayMs) return
      tell(await budget.refit())
      fitted = clock.elapsed()
    },
    clock,
    (error) => logger.warn({ err: error }, 'thresholds are not fitted to their budgets'),
  )
  closers.add('alert budgets', () => fitting.stop())
}
