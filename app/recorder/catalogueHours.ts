import type { AssetType, Catalogue, Channel } from '../../core/catalogue.ts'
import type { TrendRecord } from '../../core/ports.ts'
import { recordOf, series } from '../../core/series.ts'
import { unitLabel } from '../../core/unit.ts'

const hourMs = 3_600_000
/** Hours remembered as told: those of a fleet that is replayed or simulated side by side. */
const mostHours = 10_000

export interface CatalogueHours {
  /** The records that have not been told yet so that the given moment lies between two of them. */
  at(assetType: string, time: number): TrendRecord[]
  /** The same for every asset type. */
  all(time: number): TrendRecord[]
}

/**
 * What Grafana has to know of the catalogue (labels, units, normal bands, the horizon), told for the beginning and the
 * end of every hour in which something happened. So a band can be drawn over any range in which there are scores, it is
 * kept and forgotten with them, and a band that was changed stays as it was before the change.
 */
export function createCatalogueHours(catalogue: Catalogue): CatalogueHours {
  const told = new Set<string>()

  function tell(type: AssetType, time: number): TrendRecord[] {
    const key = `${type.name} ${time}`
    if (told.has(key)) return []
    told.add(key)
    if (told.size > mostHours) told.delete(told.values().next().value!)
    return [typeRecord(type, time), ...type.channels.map((channel) => channelRecord(type, channel, time))]
  }

  function at(assetType: string, time: number): TrendRecord[] {
    const type = catalogue.get(assetType)
    if (!type) return []
    const hour = Math.floor(time / hourMs) * hourMs
    return [...tell(type, hour), ...tell(type, hour + hourMs)]
  }

  return { at, all: (time) => [...catalogue.keys()].flatMap((assetType) => at(assetType, time)) }
}

/** Grafana knows some letters as units of its own (m: minutes); behind `suffix:` it writes any text. */
const suffix = (unit: string) => `suffix:${unit}`

function channelRecord(type: AssetType, channel: Channel, time: number): TrendRecord {
  const unit = unitLabel(channel.unit)
  const [low, high] = channel.normal ?? [Number.NaN, Number.NaN]
  return recordOf(
    series.channel,
    { asset_type: type.name, channel: channel.name },
    { label: channel.label, unit, suffix: suffix(unit), normal_low: low, normal_high: high },
    time,
  )
}

function typeRecord({ name, label, usage, horizon, rulCap }: AssetType, time: number): TrendRecord {
  return recordOf(
    series.assetType,
    { asset_type: name },
    { label, usage_unit: usage.unit, suffix: suffix(usage.unit), horizon, rul_cap: rulCap },
    time,
  )
}
