import type { AssetType } from '../../core/catalogue.ts'
import { fitRegime } from '../features/regime.ts'
import type { Regime } from '../features/spec.ts'
import { isHealthy, slotsOf, type TrainingLife } from './dataset.ts'

/** The regime of an asset type's settings, null where there is none. Healthy rows thinned to a few thousand are enough for a handful of coefficients. */
export function regimeOf(
  type: AssetType,
  lives: readonly TrainingLife[],
  inputs: readonly string[],
): Regime | null {
  const names = type.channels.filter((c) => c.role === 'setting').map((c) => c.name)
  if (names.length === 0) return null
  const rows = lives.flatMap((life) =>
    Array.from({ length: slotsOf(life) }, (_, row) => ({ life, row })).filter(
      ({ row }) => row % 7 === 0 && isHealthy(life, row, type.rulCap),
    ),
  )
  const pick = (channels: readonly string[]) => {
    const columns = channels.map((name) => type.channels.findIndex((c) => c.name === name))
    return rows.map(({ life, row }) => Float64Array.from(columns, (c) => life.values[c]![row]!))
  }
  return fitRegime(names, pick(names), pick(inputs))
}
