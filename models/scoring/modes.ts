import { type FailureMode, unknownMode } from '../../core/catalogue.ts'

/** Below this cosine no symptom pattern is close enough to be named. */
export const matchLimit = 0.6

/** A deviation less rare than this on healthy machines says nothing about a mode. */
export const rareEnough = 0.01

/** Cosine between the signed contributions and a mode's symptoms, over the channels that the model watches. */
export function similarity(contributions: Readonly<Record<string, number>>, mode: FailureMode): number {
  let [dot, left, right] = [0, 0, 0]
  for (const [channel, share] of Object.entries(contributions)) {
    const symptom = mode.symptoms[channel] ?? 0
    dot += share * symptom
    left += share * share
    right += symptom * symptom
  }
  return left > 0 && right > 0 ? dot / Math.sqrt(left * right) : 0
}

/** The catalogued mode whose symptoms fit best; `unknown` where none fits or the machine looks healthy. */
export function suspectMode(
  contributions: Readonly<Record<string, number>>,
  anomaly: number,
  modes: readonly FailureMode[],
): string {
  if (anomaly > rareEnough) return unknownMode
  const ranked = modes
    .map((mode) => ({ name: mode.name, fit: similarity(contributions, mode) }))
    .sort((a, b) => b.fit - a.fit)
  const best = ranked[0]
  return best && best.fit >= matchLimit ? best.name : unknownMode
}
