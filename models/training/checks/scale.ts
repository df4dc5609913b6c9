import type { AssetType, Channel } from '../../../core/catalogue.ts'
import type { DeviceSeries } from '../series.ts'
import { invalidData } from './invalid.ts'
import { figure, median } from './robust.ts'

/** A way from one unit to another that people mix up. */
interface Mixup {
  readonly words: string
  /** What a value in the smaller numbers reads in the greater ones. */
  readonly convert: (low: number) => number
}

const times = (factor: number, words: string): Mixup => ({
  words: `${figure(factor)} times as great (${words})`,
  convert: (low) => factor * low,
})

const factors: readonly Mixup[] = [
  times(1000, 'such as mm for m, or kW for MW'),
  times(100, 'such as percent for a share'),
  times(60, 'such as rpm for Hz'),
  times(25.4, 'mm for inches'),
  times(1e5 / 6894.757293168361, 'psi for bar'),
  times(10, 'such as bar for MPa'),
  times(6.894757293168361, 'kPa for psi'),
  times(3.6, 'km/h for m/s'),
]

const temperatures: readonly Mixup[] = [
  { words: 'as degrees Fahrenheit are to Celsius', convert: (low) => 1.8 * low + 32 },
  { words: 'as kelvin are to degrees Celsius', convert: (low) => low + 273.15 },
]

/** UCUM codes in which a temperature is measured. */
const temperatureUnits: ReadonlySet<string> = new Set(['Cel', 'K', '[degF]', '[degR]'])

/** How well a conversion has to meet the other group's median. */
const meets = 0.15
/** The gap between the groups, in widths of the wider one. */
const apart = 3

/**
 * Throws TRAINING_DATA_INVALID where a channel's typical values fall into two groups of devices, far apart from each
 * other and as a mixed-up unit would set them apart. Typical is the median of a device. Groups that both lie in the
 * catalogue's `normal` range are taken as they are.
 */
export function assertOneScale(
  source: string,
  type: AssetType,
  all: readonly DeviceSeries[],
  columns: readonly number[],
): void {
  for (const c of columns) {
    const channel = type.channels[c]!
    const medians = all
      .map(({ device, channels }) => ({ device, value: median(channels[c]!) }))
      .filter(({ value }) => Number.isFinite(value))
      .sort((a, b) => a.value - b.value)
    const mixed = mixupIn(channel, medians)
    if (mixed) throw invalidData({ source, column: `column ${channel.name}`, ...mixed })
  }
}

interface Typical {
  readonly device: string
  readonly value: number
}

/** The two groups left and right of the widest gap, where they look like two units. */
function mixupIn(channel: Channel, sorted: readonly Typical[]) {
  if (sorted.length < 2) return undefined
  const gap = (i: number) => sorted[i]!.value - sorted[i - 1]!.value
  let split = 1
  for (let i = 2; i < sorted.length; i++) if (gap(i) > gap(split)) split = i
  const [low, high] = [sorted.slice(0, split), sorted.slice(split)]
  const spread = Math.max(widthOf(low), widthOf(high))
  if (gap(split) < apart * spread || bothNormal(channel, sorted)) return undefined
  const [lowMedian, highMedian] = [low, high].map((group) => median(group.map(({ value }) => value)))
  const mixup = mixupsOf(channel).find(({ convert }) => {
    const expected = convert(lowMedian!)
    return Math.abs(highMedian! - expected) <= meets * Math.abs(expected)
  })
  if (!mixup || lowMedian === 0) return undefined
  const fewer = low.length < high.length ? low : high
  return {
    problem: `devices have mixed units: ${namesOf(fewer)} read about ${figure(fewer === low ? lowMedian! : highMedian!)}, the others ${figure(fewer === low ? highMedian! : lowMedian!)}, ${mixup.words}`,
    remedy: `Bring all devices to ${channel.unit}; where both are right, widen the channel's normal range in the catalogue or make two asset types`,
  }
}

const mixupsOf = ({ unit }: Channel): readonly Mixup[] =>
  temperatureUnits.has(unit) ? [...temperatures, ...factors] : factors

const widthOf = (group: readonly Typical[]) => group.at(-1)!.value - group[0]!.value

const bothNormal = ({ normal }: Channel, sorted: readonly Typical[]) =>
  normal !== undefined && sorted[0]!.value >= normal[0] && sorted.at(-1)!.value <= normal[1]

function namesOf(group: readonly Typical[]): string {
  const named = group.slice(0, 3).map(({ device }) => device)
  return group.length > 3 ? `${named.join(', ')} and ${group.length - 3} more` : named.join(', ')
}
