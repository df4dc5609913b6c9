import type { Score } from '../../core/score.ts'
import type { Plant } from './plant.ts'

/*
 * A root cause mutes its symptoms: while the alarm of a device stands, the devices that hang on it raise none of their own.
 */

/** Which of a device's ancestors, the nearest first, has an alarm that stands. */
export const causeOf = (
  plant: Pick<Plant, 'ancestors'>,
  stands: (device: string) => boolean,
  device: string,
): string | undefined => plant.ancestors(device).find(stands)

/**
 * The order in which a batch is judged, as places in it: by time, and of one time what others hang on first, so that a
 * symptom that shows together with its cause is held. Scores of one device stay in their order.
 */
export function judgingOrder(scores: readonly Score[], plant: Pick<Plant, 'ancestors'>): readonly number[] {
  const places = scores.map((_, i) => i)
  const depths = scores.map(({ device }) => plant.ancestors(device).length)
  if (depths.every((depth) => depth === 0)) return places
  return places.sort((a, b) => scores[a]!.windowEnd - scores[b]!.windowEnd || depths[a]! - depths[b]!)
}

/** Ancestors of the batch's devices that another process judges. */
export function ancestorsElsewhere(
  scores: readonly Score[],
  plant: Pick<Plant, 'ancestors' | 'owns'>,
): string[] {
  const found = new Set<string>()
  for (const { device } of scores)
    for (const above of plant.ancestors(device)) if (!plant.owns(above)) found.add(above)
  return [...found]
}
