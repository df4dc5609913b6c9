import { expect, it } from 'vitest'
import type { Ticket } from '../../core/ticket.ts'
import { expected, messagesOf, scenario } from '../journeys/runJourney.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { LoadPublisher } from '../support/loadPublisher.ts'
import { describePlant } from '../support/plant.ts'
import { startCluster } from './redisCluster.ts'

/** Another cut of the roles: two score processes share the devices, one process does all the rest. */
const cast = {
  office: { roles: 'ingest,alerts,web' },
  scoreA: { roles: 'score', env: { FOREWARN_WORKER_SHARE: '1/2' } },
  scoreB: { roles: 'score', env: { FOREWARN_WORKER_SHARE: '2/2' } },
} as const

const options = { startRedis: () => startCluster(), cast }

describePlant('the journey with two score processes on a Redis cluster', options, (plant) => {
  it('loses nothing, doubles nothing, also when a score process is killed half-way', async () => {
    const messages = messagesOf(scenario('device-to-ticket'))
    const publisher = new LoadPublisher(messages, 10, 5)
    const published = publisher.run(plant().installation.mqttUrl, AbortSignal.timeout(90_000))
    await until(
      async () => publisher.acknowledged.size,
      (n) => n > messages.length / 2,
    )
    await plant().installation.restart('scoreA')
    await published
    const summary = await plant().installation.settled(messages.length)
    expect(summary.readings.stored).toBe(expected('device-to-ticket').stored)
    const { tickets } = await getJson<{ tickets: Ticket[] }>(`${plant().installation.httpUrl}/api/tickets`)
    expect(tickets.map(({ device, mode }) => ({ device, mode }))).toEqual(
      expected('device-to-ticket').tickets,
    )
  }, 180_000)

  it('has every device scored by one of them', async () => {
    const { devices } = await until(
      () =>
        getJson<{ devices: { state: { state: string; reason?: string } }[] }>(
          `${plant().installation.httpUrl}/api/devices`,
        ),
      ({ devices: all }) => all.every(({ state }) => state.reason !== 'no_data'),
    )
    expect(devices).toHaveLength(4)
    const alone = await Promise.all(
      (['scoreA', 'scoreB'] as const).map(async (name) =>
        (await fetch(`${plant().installation.processes[name].httpUrl}/health/ready`)).json(),
      ),
    )
    expect(alone).toMatchObject([{ ready: true }, { ready: true }])
  }, 60_000)
})
