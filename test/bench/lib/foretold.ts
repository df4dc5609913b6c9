import { setTimeout as sleep } from 'node:timers/promises'
import type { MqttClient } from 'mqtt'
import { simulateLife } from '../../../edge/simulator/lives.ts'
import { pumpChannels, pumpModes } from '../../../edge/simulator/pumpFaults.ts'

/** Readings before the failure that a machine's history begins at: every mode is over the threshold from there on. */
const lastReadings = 100

export interface ForetoldOptions {
  readonly name: string
  /** Chooses the failure mode and the course of the fault. */
  readonly index: number
  /** Event time of its first reading, ms, and the step to the next. */
  readonly from: number
  readonly cadenceMs: number
  /** Readings of its history: one fewer than the first scored window needs. */
  readonly history: number
}

/**
 * A pump of the simulator a few hours before its failure: what is scored of it foretells the fault, so a ticket is due
 * as soon as the policy has as many windows as it wants.
 */
export class Foretold {
  readonly name: string
  private readonly topic: string
  private readonly rows: readonly Record<string, number>[]
  private next = 0

  constructor(private readonly options: ForetoldOptions) {
    const { index, name } = options
    const mode = pumpModes[index % pumpModes.length]!
    const life = simulateLife({ seed: `bench-${index}`, mode, startHours: 6, totalSlots: 10_000 })
    const first = life.times.length - lastReadings
    this.name = name
    this.topic = `forewarn/bench/pump/${name}/telemetry`
    this.rows = Array.from({ length: lastReadings }, (_, i) =>
      Object.fromEntries(pumpChannels.map((channel, c) => [channel, life.values[c]![first + i]!])),
    )
  }

  /** What a gateway kept while its line was down: the readings before the first scored window, in one message. */
  async sendHistory(client: MqttClient): Promise<void> {
    const readings = Array.from({ length: this.options.history }, () => this.reading())
    await client.publishAsync(this.topic, JSON.stringify(readings), { qos: 1 })
  }

  /** One reading after the other, each with the wall clock of its publication. */
  async sendLive(client: MqttClient, count: number, everyMs: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const reading = { ...this.reading(), publishedAt: Date.now() }
      void client.publishAsync(this.topic, JSON.stringify(reading), { qos: 1 })
      await sleep(everyMs)
    }
  }

  private reading() {
    const { from, cadenceMs } = this.options
    const seq = this.next++
    return { time: from + seq * cadenceMs, seq, values: this.rows[seq]! }
  }
}
