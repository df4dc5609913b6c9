import type { AssetType } from '../../core/catalogue.ts'
import type { Demands } from '../../models/evaluation/maintenance/outcome.ts'

/** What the catalogue asks of a ticket, in ms; of a mode that is not known the longest lead. */
export function demandsOf(type: AssetType): Demands {
  const ms = (usage: number) => (usage / type.usage.perSlot) * type.cadenceMs
  const leads = type.failureModes.map(({ requiredLead }) => requiredLead)
  const longest = Math.max(0, ...leads)
  return {
    horizon: ms(type.horizon),
    requiredLead: (mode) => ms(type.failureModes.find(({ name }) => name === mode)?.requiredLead ?? longest),
  }
}
