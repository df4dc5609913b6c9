import { pumpCadenceMs, simulateLife } from '../../edge/simulator/lives.ts'
import { pumpChannels } from '../../edge/simulator/pumpFaults.ts'
import type { Random } from '../../edge/simulator/random.ts'
import type { Sent } from './journal.ts'

/** Readings of each device in a round. */
const rowsARound = 170
/** Rounds that an installation lives: so long does the slowest of the failing pumps take. */
export const roundsALife = 5
const hour = 3_600_000

/** Lives that end in a failure, within `roundsALife`. */
const failing = [
  { device: 'F-imbalance', mode: 'imbalance', seed: 3, startHours: 24, developHours: 110 },
  { device: 'F-bearing', mode: 'bearing_wear', seed: 5, startHours: 36, developHours: 100 },
  { device: 'F-winding', mode: 'winding_overheating', seed: 8, startHours: 30, developHours: 105 },
] as const

const lanes = 3

/** The machines of one installation, which go on from round to round: some fail, most do not. */
export class Fleet {
  private readonly devices: { device: string; mode: string | null; messages: Sent[] }[]
  private round = 0

  constructor(random: Random) {
    const healthy = Array.from({ length: 6 }, (_, i) => ({
      device: `H-${i}`,
      mode: null,
      seed: random.below(1e9),
      startHours: 0,
    }))
    this.devices = [...failing, ...healthy].map((life) => ({
      device: life.device,
      mode: life.mode,
      messages: messagesOf(life),
    }))
  }

  /** The next round's messages by lane, the devices of a lane in turns. */
  next(): Sent[][] {
    const from = this.round++ * rowsARound
    return Array.from({ length: lanes }, (_, lane) => {
      const own = this.devices.filter((_, i) => i % lanes === lane)
      const rows = own.map(({ messages }) => messages.slice(from, from + rowsARound))
      return Array.from({ length: rowsARound }, (_, row) => rows.flatMap((one) => one[row] ?? [])).flat()
    })
  }

  /** Machines that have failed by now, with the mode that ended them. */
  failed(): Map<string, string> {
    const told = this.devices.filter(({ messages }) => messages.length <= this.round * rowsARound)
    return new Map(told.flatMap(({ device, mode }) => (mode === null ? [] : [[device, mode]])))
  }
}

interface Life {
  readonly device: string
  readonly mode: string | null
  readonly seed: number
  readonly startHours: number
  readonly developHours?: number
}

/**
 * Event times end some hours before now: a clock that is set back by an hour must not make them too far ahead. A device
 * that has no more to say has failed.
 */
function messagesOf({ device, ...life }: Life): Sent[] {
  const rows = rowsARound * roundsALife
  const { values } = simulateLife({ ...life, totalSlots: rows })
  const now = Math.floor((Date.now() - 4 * hour) / pumpCadenceMs) * pumpCadenceMs
  const topic = `forewarn/north/pump/${device}/telemetry`
  return Array.from(values[0]!, (vibration, row) => {
    const time = now - (rows - row) * pumpCadenceMs
    const named = Object.fromEntries(pumpChannels.map((name, c) => [name, values[c]![row]!]))
    const payload = JSON.stringify({ time, seq: row, values: named })
    return { topic, payload, readings: [{ device, time, vibration }] }
  })
}
