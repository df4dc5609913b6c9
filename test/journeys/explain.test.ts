import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createApiClient } from '../../app/apiClient.ts'
import { explainTicket } from '../../app/explain/explain.ts'
import type { Journey } from '../../app/journey.ts'
import { openModelRegistry } from '../../app/roles/models.ts'
import { systemClock } from '../../core/clock.ts'
import { type Config, parseConfig } from '../../core/config.ts'
import type { Prediction } from '../../core/ticket.ts'
import { until } from '../support/forewarnProcess.ts'
import type { Message } from '../support/loadPublisher.ts'
import { publishAll, scoredAndDone, startQuietly, windowsIn } from '../support/quietJourney.ts'
import { messagesOf, scenario } from './runJourney.ts'

/*
 * A pump's fault opens a ticket · afterwards the same readings come again with other values, and then all readings are
 * gone, as after their retention · each time the ticket's score is computed again to the same bits.
 */
const folder = mkdtempSync(join(tmpdir(), 'forewarn-explain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configWith = (telemetry: string) =>
  parseConfig({
    data: { folder },
    telemetry: { url: telemetry },
    ingest: { maxPastDays: 400 },
    mqtt: { port: 0 },
    http: { port: 0 },
  })

/** Waits until all of it is stored a second time, and the scorer has seen it: only the newest three readings of a pump are not late. */
const storedAgain = (journey: Journey, messages: readonly Message[]) =>
  until(
    journey.summary,
    ({ readings, scoring }) =>
      readings.duplicates === messages.length && scoring.late >= messages.length - 3 * pumps(messages),
    60_000,
  )

const pumps = (messages: readonly Message[]) => new Set(messages.map(({ topic }) => topic)).size

async function explain(journey: Journey, config: Config) {
  const api = createApiClient(config, { url: journey.httpUrl })
  const prediction = await api.get<Prediction>('/api/tickets/1/prediction')
  const registry = openModelRegistry({ config, clock: systemClock })
  return {
    prediction,
    explanation: await explainTicket(1, prediction, { catalogue: journey.catalogue, registry }),
  }
}

/** The same readings with every value moved by a tenth. */
const otherwise = (messages: readonly Message[]): Message[] =>
  messages.map((message) => {
    const reading = JSON.parse(String(message.payload)) as { values: Record<string, number> }
    const values = Object.fromEntries(Object.entries(reading.values).map(([name, v]) => [name, v * 1.1]))
    return { ...message, payload: JSON.stringify({ ...reading, values }) }
  })

it('computes a ticket’s score again to the same bits, also after late data and after retention', async () => {
  const messages = messagesOf(scenario('device-to-ticket'))
  const config = configWith('duckdb:')
  let journey = await startQuietly(config)
  try {
    await publishAll(journey, messages)
    await scoredAndDone(journey, windowsIn(messages, journey.catalogue.get('pump')!))
    const first = await explain(journey, config)
    expect(first.explanation.numbers.filter((n) => !n.same)).toEqual([])
    expect(first.explanation).toMatchObject({ same: true, windowIntact: true, ticket: 1 })
    expect(first.explanation.modes[0]!.mode).toBe(first.prediction.mode)

    await publishAll(journey, otherwise(messages))
    await storedAgain(journey, messages)
    const late = await explain(journey, config)
    expect(late.explanation.same).toBe(true)
    expect(late.prediction.evidence).toEqual(first.prediction.evidence)
  } finally {
    await journey.close()
  }

  journey = await startQuietly(configWith('memory:'))
  try {
    expect([...(await journey.telemetry.counts('pump')).values()]).toEqual([])
    const retained = await explain(journey, config)
    expect(retained.explanation.same).toBe(true)
    expect(retained.explanation.numbers.length).toBeGreaterThan(7)

    const { prediction } = retained
    const evidence = { ...prediction.evidence, sha256: '0'.repeat(64) }
    const parts = {
      catalogue: journey.catalogue,
      registry: openModelRegistry({ config, clock: systemClock }),
    }
    const damaged = await explainTicket(1, { ...prediction, evidence }, parts)
    expect(damaged).toMatchObject({ windowIntact: false, same: false })
    const touched = await explainTicket(
      1,
      { ...prediction, anomaly: prediction.anomaly + Number.EPSILON },
      parts,
    )
    expect(touched.numbers.filter((n) => !n.same).map((n) => n.name)).toEqual(['anomaly'])
    await expect(explainTicket(1, { ...prediction, model: 'f'.repeat(64) }, parts)).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
    })
    await expect(
      explainTicket(1, { ...prediction, evidence: { ...evidence, backend: 'abacus' } }, parts),
    ).rejects.toMatchObject({ code: 'EXPLANATION_IMPOSSIBLE' })
  } finally {
    await journey.close()
  }
}, 180_000)
