import type { Score } from '../../core/score.ts'
import { FadingHistogram, stabilityIndex } from './histogram.ts'
import type { ChannelReference } from './reference.ts'

/** Windows by which what is older counts half: of an asset type as a whole, and of one device. */
const halfLives = { type: 5_000, device: 100 } as const
/** Windows without which nothing is said. */
const least = { type: 500, device: 60 } as const

/** A stability index from here on is a shift (Siddiqi 2006). */
export const driftFrom = 0.25
/** A device is out of the fleet where a channel's mean is so many standard deviations of training away. */
export const shiftFrom = 3

/** The anomaly's tail probability is watched like a channel: of healthy machines it is spread evenly over 0 to 1. */
export const anomalyChannel = 'anomaly'
const evenDeciles = Array.from({ length: 9 }, (_, i) => (i + 1) / 10)

/** Devices in the list of the furthest. */
const mostListed = 20

const fadeOf = (halfLife: number) => 0.5 ** (1 / halfLife)

export interface ChannelDrift {
  readonly channel: string
  readonly stabilityIndex: number
}

/** A device that runs where training never was. */
export interface DeviceShift {
  readonly device: string
  readonly site: string
  readonly channel: string
  /** Mean of its newest windows, in standard deviations of training from training's mean. */
  readonly shift: number
}

export interface DriftReport {
  /** Windows that the indices stand for; there are none before there are enough. */
  readonly windows: number
  /** The largest first. */
  readonly channels: readonly ChannelDrift[]
  /** Channels whose index is a shift. */
  readonly drifting: readonly string[]
  /** Devices out of the fleet, the furthest first, each with every channel that is. */
  readonly devices: readonly DeviceShift[]
  /** The devices furthest from training, each with its channel that is, whether out of the fleet or not. */
  readonly furthest: readonly DeviceShift[]
}

interface Watched {
  readonly site: string
  windows: number
  /** A fading mean a channel, in standard deviations of training. */
  readonly shifts: Float32Array
}

/** Holds what is scored today against what trained the model: the newest row of each window and its anomaly. */
export class DriftWatch {
  private readonly histograms: readonly { channel: string; edges: readonly number[]; seen: FadingHistogram }[]
  private readonly devices = new Map<string, Watched>()

  constructor(private readonly reference: readonly ChannelReference[]) {
    const fade = fadeOf(halfLives.type)
    const watched = [
      ...reference.map(({ channel, deciles }) => ({ channel, edges: deciles })),
      { channel: anomalyChannel, edges: evenDeciles },
    ]
    this.histograms = watched.map((one) => ({ ...one, seen: new FadingHistogram(one.edges, fade) }))
  }

  take({ device, site, anomaly, evidence }: Pick<Score, 'device' | 'site' | 'anomaly' | 'evidence'>): void {
    const { window, rows, channels } = evidence
    const last = (rows - 1) * channels.length
    const watched = this.watch(device, site)
    const weight = Math.max(1 - fadeOf(halfLives.device), 1 / ++watched.windows)
    this.reference.forEach(({ channel, mean, deviation }, i) => {
      const value = window[last + channels.indexOf(channel)]!
      if (!Number.isFinite(value)) return
      this.histograms[i]!.seen.take(value)
      watched.shifts[i]! += weight * ((value - mean) / deviation - watched.shifts[i]!)
    })
    this.histograms.at(-1)!.seen.take(anomaly)
  }

  private watch(device: string, site: string): Watched {
    const known = this.devices.get(device)
    if (known) return known
    const made = { site, windows: 0, shifts: new Float32Array(this.reference.length) }
    this.devices.set(device, made)
    return made
  }

  report(): DriftReport {
    const shifts = [...this.devices]
      .flatMap(([device, watched]) => this.shiftsOf(device, watched))
      .sort(byShift)
    const windows = Math.floor(this.histograms.at(-1)!.seen.count)
    const channels = this.histograms
      .filter(({ seen }) => seen.count >= least.type)
      .map(({ channel, edges, seen }) => ({ channel, stabilityIndex: stabilityIndex(seen.shares(), edges) }))
      .sort((a, b) => b.stabilityIndex - a.stabilityIndex)
    return {
      windows,
      channels,
      drifting: channels.filter((c) => c.stabilityIndex >= driftFrom).map(({ channel }) => channel),
      devices: shifts.filter(({ shift }) => Math.abs(shift) >= shiftFrom),
      furthest: shifts.filter(firstOfItsDevice()).slice(0, mostListed),
    }
  }

  private shiftsOf(device: string, { site, windows, shifts }: Watched): DeviceShift[] {
    if (windows < least.device) return []
    return this.reference.map(({ channel }, i) => ({ device, site, channel, shift: shifts[i]! }))
  }
}

function firstOfItsDevice(): (shift: DeviceShift) => boolean {
  const seen = new Set<string>()
  return ({ device }) => !seen.has(device) && seen.add(device) !== undefined
}

const byShift = (a: DeviceShift, b: DeviceShift) => Math.abs(b.shift) - Math.abs(a.shift)
