import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Problem } from '../schemas/common.ts'
import type { DeviceDecisions } from '../schemas/decisions.ts'
import type { MaintenanceList, MaintenanceView } from '../schemas/maintenance.ts'
import { now } from '../testing/fixtures.ts'
import { closeServers, serve, type TestServer } from '../testing/server.ts'

let get: TestServer['get']
let post: TestServer['post']
beforeAll(async () => {
  ;({ get, post } = await serve())
})
afterAll(closeServers)

const hour = 3_600_000
const work = { scope: 'device', of: 'pump-2', reason: 'belt change', actor: 'Ines' } as const

it('is registered from now on, told as the reason why there is no ticket, and ended early', async () => {
  const added = await post<MaintenanceView>('/api/maintenance', { ...work, hours: 2 })
  expect(added).toMatchObject({ ...work, from: now, to: now + 2 * hour, state: 'in_force', endedBy: null })
  const { answer, mutes } = await get<DeviceDecisions>('/api/devices/pump-2/decisions')
  expect(mutes).toEqual([{ kind: 'maintenance', from: now, until: now + 2 * hour, reason: 'belt change' }])
  expect(answer).toContain('not scored')

  const end = { actor: 'Bo', at: now }
  expect(await post<MaintenanceView>(`/api/maintenance/${added.id}/end`, end)).toMatchObject({
    state: 'over',
    endedBy: 'Bo',
  })
  expect((await get<DeviceDecisions>('/api/devices/pump-2/decisions')).mutes).toEqual([])
  expect((await post<Problem>('/api/maintenance/99/end', end, 404)).code).toBe('MAINTENANCE_UNKNOWN')
})

it('is listed by what has become of it', async () => {
  const times = { from: now + hour, to: now + 2 * hour }
  await post('/api/maintenance', { ...work, scope: 'site', of: 'north', ...times })
  const ofState = async (state: string) =>
    (await get<MaintenanceList>(`/api/maintenance?state=${state}`)).maintenance.map(({ of }) => of)
  expect(await ofState('planned')).toEqual(['north'])
  expect(await ofState('in_force')).toEqual([])
})

it.each<[string, object, string]>([
  ['a device that is not there', { of: 'pump-9', hours: 1 }, 'There is no device pump-9'],
  ['a site', { scope: 'site', of: 'moon', hours: 1 }, 'no device stands at a site moon'],
  ['an asset type', { scope: 'asset_type', of: 'kettle', hours: 1 }, 'there is no asset type kettle'],
  ['no end', {}, 'say until when'],
  ['an end before its beginning', { to: now - 1 }, 'it has to end after it begins'],
])('refuses %s: it would mute nothing', async (_, changes, words) => {
  const reply = await post<Problem>(
    '/api/maintenance',
    { ...work, ...changes },
    words.includes('no device p') ? 404 : 400,
  )
  expect(reply.detail).toContain(words)
})
