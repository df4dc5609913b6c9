import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { faultLoad } from '../support/faultStory.ts'
import { until } from '../support/forewarnProcess.ts'
import { describeService, type Service, startService } from './harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'forewarn-outage-'))
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

describeService('influxd', 'an InfluxDB that goes away under load', () => {
  let influx: Service
  let journey: Journey
  const fatal: unknown[] = []

  beforeAll(async () => {
    influx = await startService('influxd')
    journey = await startJourney({
      config: parseConfig({
        data: { folder },
        mqtt: { port: 0 },
        http: { port: 0 },
        ingest: { maxPastDays: 400 },
        telemetry: { url: `${influx.url}/outage` },
      }),
      logger: pino({ level: 'silent' }),
      onFatal: (error) => fatal.push(error),
    })
  })
  afterAll(async () => {
    await journey?.close()
    await influx?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Scores whose contributions the store has. */
  const contributions = async () => {
    const q = `SELECT count("share") FROM "contribution" WHERE "channel" = 'vibration'`
    const url = `http://127.0.0.1:${influx.port}/query?db=outage&q=${encodeURIComponent(q)}`
    const answer = (await (await fetch(url)).json()) as { results: { series?: { values: number[][] }[] }[] }
    return answer.results[0]?.series?.[0]?.values[0]?.[1] ?? 0
  }

  it('loses nothing, is named by the health meanwhile, and needs no restart of forewarn', async () => {
    const publisher = faultLoad(0)
    const published = publisher.run(`mqtt://127.0.0.1:${journey.mqttPort}`, AbortSignal.timeout(60_000))
    await until(
      async () => publisher.acknowledged.size,
      (n) => n > publisher.total / 10,
    )

    await influx.stop('SIGKILL')
    const ready = () => fetch(`${journey.httpUrl}/health/ready`)
    const away = await until(
      async () => (await ready()).status,
      (status) => status === 503,
      20_000,
    )
    expect(away).toBe(503)
    expect(await (await ready()).text()).toContain('store')
    await pause(2_000)
    await influx.start()

    await published
    expect(publisher.done).toBe(true)
    const summary = await until(
      () => journey.summary().catch(() => undefined),
      (s) =>
        s !== undefined &&
        Object.values(s.log.behind).every((n) => n === 0) &&
        s.queue.waiting + s.queue.active === 0,
      60_000,
    )
    expect(summary!.readings.stored).toBe(publisher.total)
    expect((await journey.tickets.list()).map(({ device, mode }) => ({ device, mode }))).toEqual([
      { device: 'P-1', mode: 'imbalance' },
    ])
    expect((await ready()).status).toBe(200)
    // what engineers look at has waited as well
    const recorded = await until(contributions, (n) => n >= journey.scored(), 20_000)
    expect(recorded).toBe(journey.scored())
    expect(fatal).toEqual([])
  }, 150_000)
})
