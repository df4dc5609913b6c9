import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { parseConfig } from '../../core/config.ts'
import { pumpCadenceMs, simulateLife } from '../../edge/simulator/lives.ts'
import { pumpChannels } from '../../edge/simulator/pumpFaults.ts'
import { check } from '../campaign/check.ts'
import { EmbeddedPlant } from '../campaign/embeddedPlant.ts'
import { Journal, type Sent } from '../campaign/journal.ts'
import { Lane } from '../campaign/lane.ts'
import { until } from '../support/forewarnProcess.ts'

const devices = 20
/** Of a device, in one wave. */
const rows = 800
const rowsAMessage = 50
/** So many waves at most; how many it takes depends on the machine. */
const mostWaves = 30
/** Holds half of a wave. */
const logBytes = 700_000
/** Event time of the first reading: so far back that the last wave still lies in the past. */
const began = Math.floor(Date.now() / pumpCadenceMs - mostWaves * rows - 30) * pumpCadenceMs

const plant = await EmbeddedPlant.make(mkdtempSync(join(tmpdir(), 'forewarn-overload-')), false)
afterAll(() => plant.close({ keep: false }))

it('takes what it can when more is offered: devices wait, health says so, nothing is lost, and it recovers', async () => {
  plant.settings = { FOREWARN_LOG_MAXBYTES: String(logBytes) }
  await plant.start()
  const journal = new Journal()
  const lanes = Array.from({ length: 4 }, () => new Lane({ journal, url: () => plant.mqttUrl() }))
  const ready = async () => {
    const response = await fetch(`${plant.httpUrl()}/health/ready`)
    return { status: response.status, text: await response.text() }
  }
  try {
    expect((await ready()).status).toBe(200)
    for (const lane of lanes) lane.start()
    const isFull = ({ status, text }: { status: number; text: string }) =>
      status === 503 && /"log"[^}]*"ok":false/.test(text)
    let waves = 0
    while (!isFull(await ready())) {
      if (lanes.some((lane) => lane.isDone)) {
        expect(waves, 'waves that did not fill the log').toBeLessThan(mostWaves)
        const messages = offered(waves++)
        lanes.forEach((lane, i) => {
          lane.add(messages.filter((_, m) => m % lanes.length === i))
        })
      } else await pause(20)
    }
    const done = () => lanes.every((lane) => lane.isDone)
    expect(done()).toBe(false)

    // what was offered is all; from here on the load drops
    await until(
      async () => done(),
      (isDone) => isDone,
      120_000,
    )
    await plant.settled()
    const verdict = check(journal, await plant.findings(), new Map(), parseConfig({}).policy)
    expect(verdict).toEqual({ lost: [], doubled: [], wrong: [], tickets: [] })
    expect(journal.acknowledged.size).toBe(waves * devices * rows)
    await until(ready, ({ status }) => status === 200, 30_000)
  } finally {
    for (const lane of lanes) await lane.close()
  }
}, 300_000)

/** Healthy pumps, in arrays as a gateway sends them; the devices in turns. Every reading is a window to score. */
function offered(wave: number): Sent[] {
  const { values } = simulateLife({ seed: 'overload', mode: null, startHours: 0, totalSlots: rows })
  const start = began + wave * rows * pumpCadenceMs
  const messages: Sent[] = []
  for (let first = 0; first < rows; first += rowsAMessage) {
    for (let d = 0; d < devices; d++) {
      const device = `P-${d}`
      const times = Array.from({ length: rowsAMessage }, (_, i) => first + i)
      const payload = times.map((row) => ({
        time: start + row * pumpCadenceMs,
        values: Object.fromEntries(pumpChannels.map((name, c) => [name, values[c]![row]!])),
      }))
      messages.push({
        topic: `forewarn/north/pump/${device}/telemetry`,
        payload: JSON.stringify(payload),
        readings: payload.map(({ time }, i) => ({ device, time, vibration: values[0]![first + i]! })),
      })
    }
  }
  return messages
}
