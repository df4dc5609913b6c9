import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { type Certificate, describeTls, selfSigned } from '../support/certificate.ts'

const secret = 'k3v9-0aMx_27qLpZ'

describeTls('an installation that other machines reach', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-secured-'))
  let certificate: Certificate
  let journey: Journey

  beforeAll(async () => {
    certificate = selfSigned()
    const everywhere = {
      host: '0.0.0.0',
      port: 0,
      tlsCert: certificate.certFile,
      tlsKey: certificate.keyFile,
    }
    journey = await startJourney({
      config: parseConfig({
        data: { folder },
        http: { ...everywhere, tokens: [`anna:${secret}`] },
        mqtt: { ...everywhere, users: [`line-1:${secret}`] },
      }),
      logger: pino({ level: 'silent' }),
      onFatal: (error) => {
        throw error
      },
    })
  })
  afterAll(async () => {
    await journey?.close()
    certificate.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = (auth?: string) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      const { port } = new URL(journey.httpUrl)
      const options = { host: '127.0.0.1', port, path: '/api/summary', ca: certificate.cert, auth }
      get(options, (reply) => {
        let body = ''
        reply.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        reply.on('end', () => resolve({ status: reply.statusCode, body }))
      }).on('error', reject)
    })
  const connect = (password: string) =>
    connectAsync(
      `mqtts://127.0.0.1:${journey.mqttPort}`,
      { username: 'line-1', password, ca: certificate.cert, reconnectPeriod: 0 },
      false,
    )

  it('takes, stores and shows the reading of a user to the holder of a token, and nothing to others', async () => {
    expect(journey.httpUrl).toMatch(/^https:/)
    expect(journey.mqttUrl).toMatch(/^mqtts:/)
    await expect(connect('wrong')).rejects.toMatchObject({ code: 4 })
    const device = await connect(secret)
    const reading = JSON.stringify({ time: Date.now(), values: { flow: 88, speed: 1480 } })
    await device.publishAsync('forewarn/north/pump/P-101/telemetry', reading, { qos: 1 })
    await device.endAsync()

    const summary = async () => JSON.parse((await ask(`anna:${secret}`)).body) as Summary
    for (let i = 0; i < 100 && (await summary()).readings.stored === 0; i++) await pause(50)
    expect(await summary()).toMatchObject({
      readings: { accepted: 1, stored: 1 },
      messages: { refusedClients: 1 },
    })
    expect((await ask()).status).toBe(401)
    expect((await ask(`anna:${secret}x`)).body).toContain('UNAUTHORIZED')
  })
})
