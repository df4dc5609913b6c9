import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ForewarnError } from '../../../core/errors.ts'
import type { CatalogueView } from '../schemas/catalogue.ts'
import type { Problem } from '../schemas/common.ts'
import type { DeadLetterList, FailedList } from '../schemas/operations.ts'
import type { SimulatorView } from '../schemas/simulator.ts'
import { makeSummary } from '../testing/fixtures.ts'
import { closeServers, serve, type TestServer } from '../testing/server.ts'

let get: TestServer['get']
beforeAll(async () => {
  ;({ get } = await serve())
})
afterAll(closeServers)

it('the catalogue shows channels and failure modes', async () => {
  const { assetTypes } = await get<CatalogueView>('/api/catalogue')
  expect(assetTypes[0]).toMatchObject({ name: 'pump', usage: { unit: 'h' }, horizon: 36 })
  expect(assetTypes[0]!.channels.map((c) => c.normal)).toEqual([[1, 3], null])
  expect(assetTypes[0]!.failureModes.map((m) => m.name)).toEqual(['bearing_wear', 'cavitation'])
})

it('the summary is what the app counts', async () => {
  expect(await get('/api/summary')).toEqual(makeSummary())
})

it('dead letters come with their reason in words and the beginning of their bytes', async () => {
  const { deadLetters, counts, readings } = await get<DeadLetterList>('/api/deadletters')
  expect(deadLetters).toMatchObject([
    { reason: 'not_json', reasonText: 'the payload is not JSON', bytes: 15, preview: '<b>not json</b>' },
  ])
  expect({ counts, readings }).toEqual({ counts: { not_json: 1 }, readings: 1 })
  expect((await get<DeadLetterList>('/api/deadletters?reason=too_old')).deadLetters).toEqual([])
  await get('/api/deadletters?reason=boredom', 400)
})

it('failed predictions are listed and retried, unknown ones are not', async () => {
  const { get, post, retried } = await serve()
  const { failed } = await get<FailedList>('/api/queue/failed')
  expect(failed).toMatchObject([
    { id: 'job-1', attempts: 5, error: 'no table', prediction: { device: 'pump-1' } },
  ])
  expect(await post('/api/queue/failed/job-1/retry')).toEqual({ ok: true })
  expect((await post<Problem>('/api/queue/failed/job-2/retry', {}, 404)).code).toBe('NOT_FOUND')
  expect(retried).toEqual(['job-1'])
})

describe('simulator', () => {
  it('shows its pumps, breaks and repairs them', async () => {
    const { get, post, broken } = await serve()
    const { simulator } = await get<SimulatorView>('/api/simulator')
    expect(simulator!.pumps).toMatchObject([{ device: 'pump-1', state: 'running', mode: null }])
    await post('/api/simulator/pump-1/break', { mode: 'cavitation' })
    await post('/api/simulator/pump-1/repair')
    expect(broken).toEqual([
      { device: 'pump-1', mode: 'cavitation' },
      { device: 'pump-1', mode: null },
    ])
    expect((await post<Problem>('/api/simulator/pump-9/repair', {}, 404)).code).toBe('DEVICE_UNKNOWN')
    await post('/api/simulator/pump-1/break', {}, 400)
  })

  it('repairs without a body too', async () => {
    const { server } = await serve()
    const reply = await server.inject({ method: 'POST', url: '/api/simulator/pump-1/repair' })
    expect(reply.statusCode).toBe(200)
  })

  it('is null where there is none', async () => {
    const { get, post } = await serve({ simulator: undefined })
    expect(await get('/api/simulator')).toEqual({ simulator: null })
    expect((await post<Problem>('/api/simulator/pump-1/repair', {}, 404)).code).toBe('NOT_FOUND')
  })
})

describe('health', () => {
  it('is alive whatever the rest does', async () => {
    const { get } = await serve({
      health: () => Promise.reject(new ForewarnError('STORE_UNAVAILABLE', { problem: 'gone' })),
    })
    expect(await get('/health/live')).toEqual({ status: 'ok' })
    expect((await get<Problem>('/health/ready', 503)).code).toBe('STORE_UNAVAILABLE')
  })

  it('is ready, or says by name what is not', async () => {
    expect(await get('/health/ready')).toMatchObject({ ready: true })
    const state = {
      ready: false,
      checks: [
        { name: 'queue', ok: true, detail: 'answers' },
        { name: 'store', ok: false, detail: 'connection refused' },
      ],
    }
    const unready = await serve({ health: async () => state })
    expect(await unready.get('/health/ready', 503)).toEqual(state)
  })
})
