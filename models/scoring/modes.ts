import { type FailureMode, unknownMode } from '../../core/catalogue.ts'

/** Below this cosine no symptom pattern is close enough to be named. */
export const matchLimit = 0.6

/** A deviation less rare than this on healthy machines says nothing about a mode. */
export const rareEnough = 0.01

/**
 * Cosine between the signed contributions and a mode's symptoms, over `channels`: those that some mode of the asset type
 * names. What the catalogue never speaks of cannot tell its modes apart.
 */
export function similarity(
  contributions: Readonly<Record<string, number>>,
  mode: FailureMode,
  channels: readonly string[],
): number {
  let [dot, left, right] = [0, 0, 0]
  for (const channel of channels) {
    const share = contributions[channel]
    if (share === undefined) continue
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
  const channels = channelsNamed(modes)
  let [best, bestFit] = [unknownMode as string, Number.NEGATIVE_INFINITY]
  for (const mode of modes) {
    const fit = similarity(contributions, mode, channels)
    if (fit > bestFit) [best, bestFit] = [mode.name, fit]
  }
  return bestFit >= matchLimit ? best : unknownMode
}

const named = new WeakMap<readonly FailureMode[], readonly string[]>()

/** Channels that some of these modes name; worked out once. */
function channelsNamed(modes: readonly FailureMode[]): readonly string[] {
  const known = named.get(modes)
  if (known) return known
  const channels = [...new Set(modes.flatMap((mode) => Object.keys(mode.symptoms)))]
  named.set(modes, channels)
  return channels
}
