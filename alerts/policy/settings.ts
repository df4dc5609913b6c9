import type { Config } from '../../core/config.ts'
import { usualStopHours } from '../../core/configSchema.ts'

/** What of the configuration one device's score is judged by. */
export type PolicySettings = Pick<Config['policy'], 'raiseAt' | 'clearBelow' | 'k' | 'n'> &
  Partial<Pick<Config['policy'], 'plannedStopHours'>>

/** How long a planned stop mutes, ms. */
export const stopMs = ({ plannedStopHours = usualStopHours }: PolicySettings): number =>
  plannedStopHours * 3_600_000
