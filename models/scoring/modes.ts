import { type FailureMode, unknownMode } from '../../core/catalogue.ts'

/** A mode has to explain this share of the squared deviation to be named: a cosine of 0.6, if its weights were exact. */
export const explainedAtLeast = 0.36

/** A deviation less rare than this on healthy machines says nothing about a mode. */
export const rareEnough = 0.01

/** How far a mode's weight of a channel is trusted: its standard deviation from machine to machine, as a share of it. */
const weightSpread = 0.35

/** Stages of a mode that are tried, as the deviation of a channel of weight 1, in healthy standard deviations. */
const stages = Array.from({ length: 14 }, (_, i) => 1.26 ** i)

/** How well one mode fits. */
export interface ModeFit {
  readonly mode: string
  /** Log likelihood of the deviations at the best stage, up to a constant that all modes share. */
  readonly likelihood: number
  /** Share of the squared deviation that the mode explains at that stage; 0 where it explains nothing. */
  readonly explained: number
}

/**
 * Fits every mode to `deviations` (channel by channel, in standard deviations of healthy machines), the likeliest first.
 * A mode at stage s moves a channel of weight w by s w, give or take its spread; every channel scatters by 1 besides.
 * Only channels count that some mode of the asset type names: what the catalogue never speaks of cannot tell its modes
 * apart.
 */
export function fitModes(
  deviations: Readonly<Record<string, number>>,
  modes: readonly FailureMode[],
): ModeFit[] {
  const channels = channelsNamed(modes).filter((channel) => deviations[channel] !== undefined)
  const values = channels.map((channel) => deviations[channel]!)
  const total = values.reduce((sum, v) => sum + v * v, 0)
  const fits = modes.map((mode) => {
    const weights = channels.map((channel) => mode.symptoms[channel] ?? 0)
    return { mode: mode.name, ...bestStage(values, weights, total) }
  })
  return fits.sort((a, b) => b.likelihood - a.likelihood)
}

function bestStage(values: readonly number[], weights: readonly number[], total: number) {
  let best = { likelihood: Number.NEGATIVE_INFINITY, explained: 0 }
  for (const stage of stages) {
    let [left, widening] = [0, 0]
    for (let c = 0; c < values.length; c++) {
      const moved = stage * weights[c]!
      const variance = 1 + (weightSpread * moved) ** 2
      left += (values[c]! - moved) ** 2 / variance
      widening += Math.log(variance)
    }
    const likelihood = -0.5 * (left + widening)
    if (likelihood > best.likelihood)
      best = { likelihood, explained: total > 0 ? Math.max(0, 1 - left / total) : 0 }
  }
  return best
}

/** The catalogued mode that fits best; `unknown` where none explains enough or the machine looks healthy. */
export function suspectMode(
  deviations: Readonly<Record<string, number>>,
  anomaly: number,
  modes: readonly FailureMode[],
): string {
  if (anomaly > rareEnough) return unknownMode
  const best = fitModes(deviations, modes)[0]
  return best && best.explained >= explainedAtLeast ? best.mode : unknownMode
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
