import type { ModeAdvice, Ticket } from '../api/types.ts'
import { useAssetTypes } from './useAssetTypes.ts'

/** What the catalogue says of a ticket's suspected mode; undefined for `unknown` and before the catalogue is here. */
export function useAdvice({ assetType, mode }: Pick<Ticket, 'assetType' | 'mode'>): ModeAdvice | undefined {
  return useAssetTypes()
    .get(assetType)
    ?.failureModes.find((m) => m.name === mode)
}
