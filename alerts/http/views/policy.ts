import type { ServerDeps } from '../deps.ts'
import type { PolicyAnswer } from '../schemas/policy.ts'

/** The policy as it counts now, by asset type. */
export async function viewPolicy({ catalogue, settings }: ServerDeps): Promise<PolicyAnswer> {
  const { inForce, automation } = settings
  // Looks for changes first: what other processes have set counts here, too.
  const earned = await automation.list()
  const types = [...catalogue.keys()].map((assetType) => {
    const { raiseAt, clearBelow, k, n } = inForce.settingsOf(assetType)
    const change = inForce.threshold(assetType) ?? null
    const own = earned.filter((one) => one.assetType === assetType)
    return {
      assetType,
      raiseAt,
      clearBelow,
      k,
      n,
      perWeek: change?.after.perWeek ?? null,
      change,
      automation: own,
    }
  })
  return { types, history: await settings.history() }
}
