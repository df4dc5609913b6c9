import { useCallback, useMemo } from 'react'
import { useCatalogue } from '../api/queries.ts'
import type { AssetTypeView } from '../api/types.ts'
import type { LifeUnit } from '../lib/interval.ts'
import { sentence } from '../lib/ticketWords.ts'

/** Asset types by name; empty until the catalogue is here. */
export function useAssetTypes(): ReadonlyMap<string, AssetTypeView> {
  const { data } = useCatalogue()
  return useMemo(() => new Map(data?.map((type) => [type.name, type])), [data])
}

export const lifeUnitOf = (type: AssetTypeView): LifeUnit => ({
  unit: type.usage.unit,
  cap: type.rulCap,
  perDay: type.usage.perDay,
})

const modeOf = (type: AssetTypeView | undefined, mode: string) =>
  type?.failureModes.find((m) => m.name === mode)

/** The catalogue's label of a failure mode. */
export function useModeLabel(): (assetType: string, mode: string) => string {
  const types = useAssetTypes()
  return useCallback(
    (assetType, mode) =>
      modeOf(types.get(assetType), mode)?.label ?? (mode === 'unknown' ? 'Unknown fault' : sentence(mode)),
    [types],
  )
}
