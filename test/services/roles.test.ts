import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import type { Ticket } from '../../core/ticket.ts'
import { expected, messagesOf, scenario } from '../journeys/runJourney.ts'
import { getJson, startProcess, until } from '../support/forewarnProcess.ts'
import { LoadPublisher } from '../support/loadPublisher.ts'
import { describePlant, usual } from '../support/plant.ts'

describePlant('the journey in four role processes', usual, (plant) => {
  const post = async (path: string, body: object) => {
    const response = await fetch(`${plant().installation.httpUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect(response.status, await response.clone().text()).toBe(200)
    return response.json()
  }

  it('loses nothing, doubles nothing, and opens the one ticket, which a planner resolves', async () => {
    const input = scenario('device-to-ticket')
    const messages = messagesOf(input)
    const publisher = new LoadPublisher(messages, 100)
    await publisher.run(plant().installation.mqttUrl, AbortSignal.timeout(60_000))
    const summary = await plant().installation.settled(messages.length)
    expect(summary.readings).toMatchObject({
      stored: expected('device-to-ticket').stored,
      duplicates: 0,
      inLog: 0,
    })
    const { tickets } = await getJson<{ tickets: Ticket[] }>(`${plant().installation.httpUrl}/api/tickets`)
    expect(tickets.map(({ device, mode }) => ({ device, mode }))).toEqual(
      expected('device-to-ticket').tickets,
    )

    const [ticket] = tickets
    const path = `/api/tickets/${ticket!.id}`
    const acknowledged = (await post(`${path}/acknowledge`, {
      actor: 'Ines',
      version: ticket!.version,
    })) as Ticket
    await post(`${path}/resolve`, {
      actor: 'Ines',
      version: acknowledged.version,
      verdict: 'confirmed',
      verdictMode: 'bearing_wear',
      note: 'outer race spalled',
    })
    // The confirmed repair reaches the policy in the score process, which ends the alarm there.
    const device = `${plant().installation.httpUrl}/api/devices/${ticket!.device}`
    const repaired = await until(
      () => getJson<{ alarm: { raised: boolean } | null; events: { kind: string }[] }>(device),
      ({ alarm }) => alarm?.raised === false,
    )
    expect(repaired.events.map((event) => event.kind)).toContain('repaired')
  }, 180_000)

  it('shows the fleet’s states, every process and the whole health to the page', async () => {
    const { devices } = await getJson<{ devices: { state: { state: string } }[] }>(
      `${plant().installation.httpUrl}/api/devices`,
    )
    expect(devices).toHaveLength(4)
    expect(devices.some(({ state }) => state.state === 'scored')).toBe(true)
    const summary = await getJson<Summary>(`${plant().installation.httpUrl}/api/summary`)
    expect(summary.scoring.scored).toBeGreaterThan(0)
    expect(summary.health.ready).toBe(true)
    const processes = summary.health.checks.find(({ name }) => name === 'processes')
    for (const role of ['ingest-1', 'score-1', 'alerts-1', 'web-1']) expect(processes!.detail).toContain(role)
  })

  it('shows what one ingest process could not accept', async () => {
    const bad = [{ device: 'P-1', time: 1, topic: 'forewarn/hall/pump/P-1/telemetry', payload: 'no json' }]
    await new LoadPublisher(bad).run(plant().installation.mqttUrl, AbortSignal.timeout(10_000))
    const letters = await until(
      () =>
        getJson<{ deadLetters: { reason: string; preview: string }[]; readings: number }>(
          `${plant().installation.httpUrl}/api/deadletters`,
        ),
      // the letters and their counts come from different rounds of the ingest process
      ({ deadLetters, readings }) => deadLetters.length === 1 && readings === 1,
    )
    expect(letters.deadLetters[0]).toMatchObject({ reason: 'not_json', preview: 'no json' })
  })

  it('names a process that has died, and is ready again once it is back', async () => {
    const ready = () => fetch(`${plant().installation.httpUrl}/health/ready`)
    await plant().installation.processes.alerts.kill()
    const away = await until(ready, ({ status }) => status === 503, 20_000)
    expect(await away.text()).toContain('no word of alerts-1')
    await plant().installation.restart('alerts')
    await until(ready, ({ status }) => status === 200, 20_000)
  }, 60_000)

  it('refuses a second ingest process of the same name: the two would take each other’s entries for their own', async () => {
    const { services } = plant()
    const folder = mkdtempSync(join(tmpdir(), 'forewarn-twin-'))
    const twin = startProcess({
      folder,
      env: {
        FOREWARN_TELEMETRY_URL: services.influx,
        FOREWARN_QUEUE_URL: services.redis,
        FOREWARN_TICKETS_URL: services.postgres,
        FOREWARN_WORKER_NAME: 'ingest-1',
        FOREWARN_WORKER_ROLES: 'ingest',
      },
    })
    await expect(twin).rejects.toThrow('WORKER_NAME_TAKEN')
    rmSync(folder, { recursive: true })
  }, 60_000)

  it('says how each process is at its own address', async () => {
    for (const { httpUrl } of Object.values(plant().installation.processes))
      expect((await fetch(`${httpUrl}/health/ready`)).status).toBe(200)
    const metrics = await (await fetch(`${plant().installation.processes.score.httpUrl}/metrics`)).text()
    expect(metrics).toContain('nodejs_eventloop_lag_seconds')
  })
})
