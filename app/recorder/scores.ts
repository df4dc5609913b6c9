import type { EventBus, LiveScore, TrendRecord } from '../../core/ports.ts'
import { recordOf, series } from '../../core/series.ts'
import type { CatalogueHours } from './catalogueHours.ts'
import type { Sink } from './recorder.ts'

/**
 * Records what the score's own measurement does not hold: the contributions, and what the catalogue says of the
 * channels at that time. Returns the way to stop.
 */
export function recordScores(
  bus: Pick<EventBus, 'subscribe'>,
  hours: CatalogueHours,
  sink: Sink,
): () => void {
  return bus.subscribe((event) => {
    if (event.kind !== 'scores') return
    const champions = event.scores.filter((score) => score.role === 'champion')
    sink(champions.flatMap(contributions))
    sink(champions.flatMap(({ assetType, windowEnd }) => hours.at(assetType, windowEnd)))
  })
}

function contributions({ site, device, assetType, windowEnd, contributions }: LiveScore): TrendRecord[] {
  return Object.entries(contributions).map(([channel, share]) =>
    recordOf(series.contribution, { site, device, asset_type: assetType, channel }, { share }, windowEnd),
  )
}
