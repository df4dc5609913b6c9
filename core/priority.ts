import type { AssetType, FailureMode } from './catalogue.ts'
import type { Device } from './device.ts'

/** The most pressing first. */
export const priorityLevels = ['urgent', 'high', 'normal', 'low'] as const
export type PriorityLevel = (typeof priorityLevels)[number]

/**
 * From which number on a level begins. The number is what waiting may cost over what acting costs, so that 1 is where
 * acting begins to pay; the two above it are a choice of ours, not a standard's: a failure that costs six times the planned
 * repair and is nearly certain, on a device of medium criticality, is urgent.
 */
export const levelFrom: Readonly<Record<PriorityLevel, number>> = { urgent: 6, high: 3, normal: 1, low: 0 }

/** How much a device counts. Each step of the register's criticality doubles it. */
export const criticalityWeights: Readonly<Record<Device['criticality'], number>> = {
  low: 0.5,
  medium: 1,
  high: 2,
}

/** Cost of failure over planned cost where the catalogue tells of no cost at all: never urgent by itself. */
export const assumedConsequence = 3
/** Work that costs next to nothing must not make everything urgent. */
const largestConsequence = 100

/** How pressing a ticket is, with the numbers it comes from. */
export interface TicketPriority {
  readonly level: PriorityLevel
  /** probability x consequence x weight. */
  readonly score: number
  /** Of a failure within the horizon, 0 to 1. */
  readonly probability: number
  /** Cost of failure over cost of the planned repair. */
  readonly consequence: number
  /** `mode`: of the suspected mode; `type`: of all modes together, where the mode is not catalogued; `assumed`: neither. */
  readonly consequenceFrom: 'mode' | 'type' | 'assumed'
  readonly criticality: Device['criticality']
  readonly weight: number
  /** The same in words. */
  readonly argument: string
}

export interface PriorityFacts {
  /** Undefined where the catalogue no longer has it. */
  readonly type: AssetType | undefined
  readonly mode: string
  /** Of a failure within the horizon, 0 to 1. */
  readonly probability: number
  readonly criticality: Device['criticality']
}

/** Risk as probability times consequence (IEC 31010), weighed by the device's criticality (ISO 14224). */
export function priorityOf({ type, mode, probability, criticality }: PriorityFacts): TicketPriority {
  const { consequence, from, words } = consequenceOf(type, mode)
  const weight = criticalityWeights[criticality]
  const score = probability * consequence * weight
  const level = priorityLevels.find((one) => score >= levelFrom[one]) ?? 'low'
  const within = type ? ` within ${type.horizon} ${type.usage.unit}` : ' within the horizon'
  const argument =
    `${capital(level)}: a failure${within} is ${percent(probability)} likely; ${words}; ` +
    `criticality ${criticality} counts ${weight}. ${percent(probability)} x ${short(consequence)} x ${weight} = ${short(score)}` +
    ` (${levelWords}).`
  return { level, score, probability, consequence, consequenceFrom: from, criticality, weight, argument }
}

const levelWords = priorityLevels
  .filter((level) => level !== 'low')
  .map((level) => `${level} from ${levelFrom[level]}`)
  .join(', ')

interface Consequence {
  readonly consequence: number
  readonly from: TicketPriority['consequenceFrom']
  readonly words: string
}

function consequenceOf(type: AssetType | undefined, mode: string): Consequence {
  const modes = type?.failureModes ?? []
  const own = modes.find(({ name }) => name === mode)
  const ofMode = own && ratioOf([own])
  if (own && ofMode !== undefined) {
    const { costFailure, costPlanned } = own
    const words = `it costs ${money(costFailure)} against ${money(costPlanned)} for the planned repair, ${short(ofMode)} times`
    return { consequence: ofMode, from: 'mode', words }
  }
  const ofType = ratioOf(modes)
  if (type && ofType !== undefined) {
    const words = `its mode has no cost in the catalogue; failures of a ${type.name} together cost ${short(ofType)} times the planned repairs`
    return { consequence: ofType, from: 'type', words }
  }
  const words = `the catalogue tells no cost, so ${assumedConsequence} times the planned repair is assumed`
  return { consequence: assumedConsequence, from: 'assumed', words }
}

/** Undefined where nothing costs anything. */
function ratioOf(modes: readonly FailureMode[]): number | undefined {
  const failure = modes.reduce((sum, mode) => sum + mode.costFailure, 0)
  const planned = modes.reduce((sum, mode) => sum + mode.costPlanned, 0)
  if (failure === 0 && planned === 0) return undefined
  return Math.min(failure / planned, largestConsequence)
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const percent = (share: number) => `${Math.round(share * 100)} %`
const short = (n: number) => String(Number(n.toPrecision(2)))
const money = (n: number) => n.toLocaleString('en-GB', { maximumFractionDigits: 0 })
