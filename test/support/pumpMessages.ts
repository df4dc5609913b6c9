import { simulateLife } from '../../edge/simulator/lives.ts'
import type { Message } from './loadPublisher.ts'

const channels = ['vibration', 'bearing_temperature', 'motor_current', 'discharge_pressure', 'flow', 'speed']
export const cadenceMs = 600_000

export interface PumpScript {
  readonly device: string
  readonly site?: string
  /** Failure mode that ends its life; null: stays healthy. */
  readonly mode: string | null
  readonly seed: number
  readonly rows: number
  readonly startHours?: number
  readonly developHours?: number
}

/** The messages of a simulated pump whose newest reading is a little before now. */
export function pumpMessages(script: PumpScript): Message[] {
  const { device, site = 'north', mode, seed, rows, startHours = 24, developHours } = script
  const life = simulateLife({
    seed,
    mode,
    startHours,
    totalSlots: rows,
    ...(developHours ? { developHours } : {}),
  })
  const length = life.values[0]!.length
  const first = Math.floor(Date.now() / cadenceMs) * cadenceMs - rows * cadenceMs
  return Array.from({ length }, (_, row) => {
    const time = first + row * cadenceMs
    const values = Object.fromEntries(channels.map((name, c) => [name, life.values[c]![row]!]))
    return {
      device,
      time,
      topic: `forewarn/${site}/pump/${device}/telemetry`,
      payload: JSON.stringify({ time, seq: row, publishedAt: Date.now(), values }),
    }
  })
}

/** Messages of several devices in turns, as a site sends them; each device's own order stays as it is. */
export function interleave(...devices: readonly (readonly Message[])[]): Message[] {
  const longest = Math.max(0, ...devices.map((messages) => messages.length))
  const turns = Array.from({ length: longest }, (_, turn) =>
    devices.flatMap((messages) => messages[turn] ?? []),
  )
  return turns.flat()
}
