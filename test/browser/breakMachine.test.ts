import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { startFleet } from '../../edge/simulator/fleet.ts'
import { findChromium, launch } from './chromium.ts'

const executable = findChromium()
const name = executable ? 'the page in Chromium' : 'the page in Chromium (skipped: no chromium installed)'
const folder = mkdtempSync(join(tmpdir(), 'forewarn-browser-'))
const day = 86_400_000

describe.runIf(executable)(name, () => {
  let journey: Journey
  let browser: Browser
  let page: Page
  const problems: string[] = []

  beforeAll(async () => {
    journey = await startJourney({
      config: parseConfig({
        data: { folder },
        mqtt: { port: 0 },
        http: { port: 0 },
        ingest: { maxPastDays: 4_000 },
      }),
      logger: pino({ level: 'silent' }),
      onFatal: (error) => problems.push(String(error)),
      simulator: async ({ url, catalogue }) => {
        const start = Date.now() - 1_000 * day
        const fleet = startFleet({
          url,
          assetType: catalogue.get('pump')!,
          seed: 'browser',
          pumps: 4,
          faults: 'none',
          start,
        })
        return { control: fleet, sent: () => fleet.sent().total, close: () => fleet.stop() }
      },
    })
    browser = await launch(executable!)
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
  })

  afterAll(async () => {
    await browser?.close()
    await journey?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('breaks a machine, sees its ticket appear live, acknowledges, schedules and resolves it', async () => {
    await page.goto(`${journey.httpUrl}/break`)
    await page.getByTestId('break-device').selectOption('pump-02')
    await page.getByTestId('break-mode').selectOption('bearing_wear')
    await page.getByTestId('break-go').click()
    const ticketLink = page.getByTestId('break-ticket')
    await ticketLink.waitFor({ timeout: 60_000 })
    const [ticket] = await journey.tickets.list()
    expect(ticket).toMatchObject({ device: 'pump-02', state: 'open' })

    await page.goto(journey.httpUrl)
    await page.getByTestId(`ticket-${ticket!.id}`).first().click()
    await page.getByTestId('acknowledge').click()
    await stateBecomes('acknowledged')
    await page.getByTestId('schedule').click()
    await page.getByTestId('schedule-submit').click()
    await stateBecomes('scheduled')
    await page.getByTestId('resolve').click()
    await page.getByTestId('verdict').selectOption('confirmed')
    await page.getByTestId('verdict-submit').click()
    await stateBecomes('resolved')
    const resolved = await journey.tickets.get(ticket!.id)
    expect(resolved).toMatchObject({ verdict: 'confirmed', verdictMode: 'bearing_wear' })
    expect(problems).toEqual([])

    async function stateBecomes(state: string) {
      await expect
        .poll(async () => (await journey.tickets.get(ticket!.id)).state, { timeout: 15_000 })
        .toBe(state)
    }
  }, 120_000)

  it('shows a ticket that opens while the list is on the screen, without a reload', async () => {
    await page.goto(journey.httpUrl)
    const before = (await journey.tickets.list()).length
    await fetch(`${journey.httpUrl}/api/simulator/pump-03/break`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'winding_overheating' }),
    })
    await page
      .getByTestId(`ticket-${before + 1}`)
      .first()
      .waitFor({ timeout: 60_000 })
    expect(problems).toEqual([])
  }, 90_000)
})
