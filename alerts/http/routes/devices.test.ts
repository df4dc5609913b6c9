import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newAlarm } from '../../policy/alarm.ts'
import { extendTrail } from '../../policy/trail.ts'
import type { Problem } from '../schemas/common.ts'
import type { DeviceDecisions } from '../schemas/decisions.ts'
import type { DeviceDetail, DeviceList, Trend } from '../schemas/devices.ts'
import type { ScoreList } from '../schemas/scores.ts'
import { makeTicket, minute, now, pump } from '../testing/fixtures.ts'
import { closeServers, serve, type TestServer } from '../testing/server.ts'
import { fakeTickets } from '../testing/world.ts'

let get: TestServer['get']
let post: TestServer['post']
beforeAll(async () => {
  ;({ get, post } = await serve())
})
afterAll(closeServers)

describe('devices', () => {
  it('are all there, scored or with the reason why not', async () => {
    const { devices } = await get<DeviceList>('/api/devices')
    expect(devices).toMatchObject([
      { device: 'pump-1', state: { state: 'scored' }, reasonText: null, openTicket: 1 },
      {
        device: 'pump-2',
        state: { state: 'not_scored', reason: 'no_data' },
        reasonText: 'no reading has come yet',
        score: null,
        openTicket: null,
      },
    ])
  })

  it('one that is heard but not yet registered is shown as well; names are sorted as people count', async () => {
    const state = { state: 'not_scored', reason: 'gap', since: now } as const
    const heard = { device: 'pump-10', site: 'south', assetType: 'pump', state }
    const { get } = await serve({ states: () => new Map([['pump-10', heard]]) })
    const { devices } = await get<DeviceList>('/api/devices')
    expect(devices.map((d) => d.device)).toEqual(['pump-1', 'pump-2', 'pump-10'])
    expect(devices[2]).toMatchObject({ site: 'south', firstSeen: now, state })
  })

  it('with several open tickets names the newest', async () => {
    const open = [
      makeTicket(),
      makeTicket({ id: 2, mode: 'cavitation' }),
      makeTicket({ id: 3, state: 'closed' }),
    ]
    const { get } = await serve({ tickets: fakeTickets(open) })
    expect((await get<DeviceList>('/api/devices')).devices[0]!.openTicket).toBe(2)
    expect((await get<DeviceDetail>('/api/devices/pump-1')).device.openTicket).toBe(2)
  })

  it('one says why there is no ticket for it, and what was decided lately, newest first', async () => {
    const alarm = {
      ...newAlarm('pump-2'),
      trail: extendTrail(
        extendTrail(undefined, { kind: 'hold', reason: 'not_persistent' }, now - 1),
        { kind: 'hold', reason: 'below_threshold' },
        now,
      ),
    }
    const { get } = await serve({ alarm: async () => alarm })
    const decisions = await get<DeviceDecisions>('/api/devices/pump-2/decisions')
    expect(decisions.answer).toContain('Because it is not scored')
    expect(decisions.runs.map(({ reason, windows }) => [reason, windows])).toEqual([
      ['below_threshold', 1],
      ['not_persistent', 1],
    ])
    expect(decisions.runs[0]).toMatchObject({ detail: null, words: expect.stringContaining('below') })
    expect((await get<DeviceDecisions>('/api/devices/pump-1/decisions')).answer).toContain('ticket 1')
    expect((await get<Problem>('/api/devices/nobody/decisions', 404)).code).toBe('DEVICE_UNKNOWN')
  })

  it('one has its newest reading, its tickets and why it has no alarm', async () => {
    const detail = await get<DeviceDetail>('/api/devices/pump-1')
    expect(detail.latest).toEqual({ time: now, values: { vibration: 3, flow: null } })
    expect(detail.tickets.map((t) => t.id)).toEqual([1])
    expect(detail.alarm).toMatchObject({ raised: false, recent: [false, true, true], over: 2, k: 3, n: 4 })
    expect(detail.alarm!.explanation).toBe(
      '2 of the last 3 scored windows reached a failure probability of 50 %; 3 of 4 raise an alarm.',
    )
  })

  it('one that was never heard has neither, and that is said', async () => {
    expect(await get<DeviceDetail>('/api/devices/pump-2')).toMatchObject({
      latest: null,
      alarm: null,
      tickets: [],
    })
  })

  it('that do not exist are DEVICE_UNKNOWN everywhere', async () => {
    for (const path of ['', '/trend?channel=flow', '/scores']) {
      expect((await get<Problem>(`/api/devices/pump-9${path}`, 404)).code).toBe('DEVICE_UNKNOWN')
    }
    expect((await post<Problem>('/api/devices/pump-9/events', { kind: 'repaired' }, 404)).code).toBe(
      'DEVICE_UNKNOWN',
    )
  })
})

describe('trend', () => {
  it('ends with the newest reading of the device unless told otherwise', async () => {
    const trend = await get<Trend>('/api/devices/pump-1/trend?channel=vibration&buckets=10')
    expect(trend).toMatchObject({ unit: 'mm/s', normal: [1, 3], from: now - 2 * pump.cadenceMs, to: now + 1 })
    expect(trend.bucketMs).toBe(Math.ceil((2 * pump.cadenceMs + 1) / 10))
    expect(trend.buckets.length).toBeGreaterThan(0)
  })

  it('takes the range it is given', async () => {
    const trend = await get<Trend>('/api/devices/pump-1/trend?channel=flow&from=1000&to=2000&buckets=4')
    expect(trend).toMatchObject({ from: 1000, to: 2000, bucketMs: 250 })
  })

  it('comes in buckets of whole hours where these are wider than an hour', async () => {
    const hour = 3_600_000
    const widthOf = async (ms: number) =>
      (await get<Trend>(`/api/devices/pump-1/trend?channel=flow&from=0&to=${ms}&buckets=10`)).bucketMs
    expect(await widthOf(10 * hour)).toBe(hour)
    expect(await widthOf(30 * hour + 1)).toBe(3 * hour)
    expect(await widthOf(31 * hour)).toBe(4 * hour)
  })

  it('of a device without readings is empty, not an error', async () => {
    const { from, to } = await get<Trend>('/api/devices/pump-2/trend?channel=flow')
    expect(to).toBe(now + 1)
    expect(from).toBeLessThan(to)
  })

  it('refuses a range that runs backwards and a channel that is not there', async () => {
    expect((await get<Problem>('/api/devices/pump-1/trend?channel=flow&from=2&to=1', 400)).detail).toContain(
      'before',
    )
    expect((await get<Problem>('/api/devices/pump-1/trend?channel=colour', 400)).detail).toContain('colour')
    expect((await get<Problem>('/api/devices/pump-1/trend', 400)).errors?.[0]?.path).toBe(
      'querystring/channel',
    )
  })
})

it('scores of a device come with the range they were asked for', async () => {
  const { from, to, scores } = await get<ScoreList>('/api/devices/pump-1/scores')
  expect([from, to]).toEqual([now - 2 * pump.cadenceMs, now + 1])
  expect(scores.map((s) => s.role)).toEqual(['champion'])
  expect((await get<ScoreList>(`/api/devices/pump-1/scores?to=${now}`)).scores).toEqual([])
  const shadow = await get<ScoreList>('/api/devices/pump-1/scores?role=challenger')
  expect(shadow.scores.map((s) => s.role)).toEqual(['challenger'])
})

describe('life events', () => {
  it('happen, unless dated, when the device was last heard: it may live in another time than we do', async () => {
    const { get, post, lifeEvents, clock } = await serve()
    clock.advance(365 * 86_400_000)
    const event = await post('/api/devices/pump-1/events', { kind: 'repaired', detail: 'new bearing' })
    expect(event).toEqual({ device: 'pump-1', kind: 'repaired', detail: 'new bearing', time: now })
    expect(lifeEvents).toEqual([event])
    expect((await get<DeviceDetail>('/api/devices/pump-1')).events).toEqual([event])
  })

  it('of a device that was never heard happen now; a date of one’s own counts', async () => {
    const { post } = await serve()
    expect(await post('/api/devices/pump-2/events', { kind: 'installed' })).toMatchObject({ time: now })
    expect(await post('/api/devices/pump-2/events', { kind: 'failed', time: 5 })).toMatchObject({ time: 5 })
  })

  it('are refused from the future and of unknown kind', async () => {
    const { post, lifeEvents } = await serve()
    const ahead = { kind: 'repaired', time: now + 2 * minute }
    expect((await post<Problem>('/api/devices/pump-1/events', ahead, 400)).detail).toContain('milliseconds')
    expect((await post<Problem>('/api/devices/pump-1/events', { kind: 'bewitched' }, 400)).code).toBe(
      'REQUEST_INVALID',
    )
    expect(lifeEvents).toEqual([])
  })
})
