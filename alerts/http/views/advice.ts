import type { AssetType } from '../../../core/catalogue.ts'
import type { ModeAdvice } from '../schemas/tickets.ts'

/** What the catalogue says about a failure mode; null where it says nothing. */
export const adviceFor = (type: AssetType | undefined, mode: string): ModeAdvice | null =>
  type?.failureModes.find((m) => m.name === mode) ?? null
