import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seriousFindings } from './axe.ts'
import { findChromium, launch } from './chromium.ts'
import { pagesToSee, sizes, visit } from './pages.ts'
import { type Plant, startPlant } from './plant.ts'

/*
 * 07:30  three tickets lie on the board; two of them are acknowledged together
 * 07:40  the most pressing one: its evidence is looked at, the work is scheduled, a comment and a file are left
 * 08:00  a second suspicion is split off; what the mechanic found is the verdict
 * 08:30  the list goes to a spreadsheet; a machine is muted for its service
 * 09:00  a webhook is added and tried, its delivery stands in the log
 * after  every page, desktop and phone, has nothing that axe calls serious
 */
const executable = findChromium()
const name = executable ? "a planner's day" : "a planner's day (skipped: no chromium installed)"

describe.runIf(executable)(name, () => {
  let plant: Plant
  let browser: Browser
  let page: Page
  let receiver: Server
  let heard: string[]
  const problems: string[] = []
  let pressing = 0

  beforeAll(async () => {
    heard = []
    receiver = createServer((request, response) => {
      heard.push(String(request.headers['webhook-signature']))
      response.end('thanks')
    })
    await new Promise<void>((ready) => receiver.listen(0, '127.0.0.1', ready))
    plant = await startPlant({ pumps: 8, config: { outgoing: { allowPrivate: ['127.0.0.1'] } } })
    plant.fleet.break('pump-01', 'bearing_wear')
    plant.fleet.break('pump-02', 'seal_leak')
    plant.fleet.break('pump-03', 'winding_overheating')
    await ticketsAre(3)
    // What was broken is mended again, so that the day is quiet while it is walked through.
    for (const pump of ['pump-01', 'pump-02', 'pump-03']) await plant.fleet.repair(pump)
    browser = await launch(executable!)
    const context = await browser.newContext({ viewport: sizes.desktop, acceptDownloads: true })
    page = await context.newPage()
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
  }, 120_000)

  afterAll(async () => {
    await browser?.close()
    receiver?.close()
    await plant?.close()
  })

  it('07:30 sees the board and acknowledges the night in one go', async () => {
    await page.goto(`${plant.url}/?view=board`)
    await page.getByTestId('column-open').getByRole('listitem').nth(2).waitFor({ timeout: 15_000 })
    await page.goto(plant.url)
    await page.getByTestId('bulk-choose-all').click()
    await page.getByTestId('bulk-acknowledge').click()
    await page.getByTestId('bulk-answers').waitFor()
    expect(await page.getByTestId('bulk-answers').textContent()).toMatch(/3 acknowledged/)
    const states = (await plant.journey.tickets.list()).map(({ state }) => state)
    expect(states.filter((state) => state === 'acknowledged').length).toBeGreaterThanOrEqual(3)
  }, 60_000)

  it('07:40 opens the most pressing, looks at its evidence, schedules it and leaves a word and a file', async () => {
    await page.goto(`${plant.url}/?sort=priority`)
    await page.locator('[data-testid^="open-"]').first().click()
    await page.getByTestId('argument').waitFor()
    pressing = Number(page.url().split('/').at(-1))
    await page.getByRole('img', { name: /Remaining useful life/ }).waitFor()
    expect(await page.getByRole('img', { name: /^Trend of/ }).count()).toBeGreaterThan(3)

    await page.getByTestId('schedule').click()
    await page.getByTestId('schedule-submit').click()
    await stateBecomes(pressing, 'scheduled')

    await page.getByTestId('comment').fill('Bearing set is on the shelf.')
    await page.getByTestId('comment-submit').click()
    await page.getByTestId('history').getByText('Bearing set is on the shelf.').waitFor()
    await page
      .getByTestId('attach')
      .setInputFiles({ name: 'hand-held.csv', mimeType: 'text/csv', buffer: Buffer.from('mm/s\n7.1\n') })
    await page.getByTestId('attachments').getByText('hand-held.csv').waitFor()
    await page.getByTestId('history').getByText('File attached').waitFor()
  }, 60_000)

  it('08:00 splits off a second suspicion and resolves the first with a verdict', async () => {
    const before = (await plant.journey.tickets.list()).length
    await page.getByTestId('more').click()
    await page.getByTestId('more-split').click()
    await page.getByTestId('split-mode').selectOption('unknown')
    await page.getByTestId('reshape-submit').click()
    await page.waitForURL((url) => !url.pathname.endsWith(`/${pressing}`))
    expect((await plant.journey.tickets.list()).length).toBe(before + 1)

    await page.goto(`${plant.url}/tickets/${pressing}`)
    await page.getByTestId('resolve').click()
    await page.getByTestId('verdict').selectOption('confirmed')
    await page.getByTestId('verdict-submit').click()
    await stateBecomes(pressing, 'resolved')
  }, 60_000)

  it('tells clearly that somebody was faster, and who', async () => {
    const [other] = await plant.journey.tickets.list({ states: ['acknowledged'] })
    await page.goto(`${plant.url}/tickets/${other!.id}`)
    await page.getByTestId('schedule').click()
    await page.getByTestId('schedule-submit').waitFor()
    await plant.journey.tickets.change(other!.id, {
      to: 'in_progress',
      actor: 'Anna',
      version: other!.version,
    })
    await page.getByTestId('schedule-submit').click()
    const problem = page.getByTestId('problem')
    await problem.waitFor()
    expect(await problem.textContent()).toContain('Anna')
    await page.locator('[data-state="in_progress"]').first().waitFor()
    // The refused request is in the console, and only that.
    expect(problems.splice(0).filter((problem) => !problem.includes('409'))).toEqual([])
  }, 60_000)

  it('08:30 takes the list along and mutes a machine for its service', async () => {
    await page.goto(`${plant.url}/?state=all`)
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('export').click()])
    expect(download.suggestedFilename()).toBe('tickets.csv')

    await page.goto(`${plant.url}/devices/pump-05`)
    await page.getByTestId('maintenance-reason').fill('Yearly service')
    await page.getByTestId('maintenance-add').click()
    await page.getByTestId('maintenance').getByText('Yearly service').waitFor()
  }, 60_000)

  it('09:00 adds a webhook, tries it and sees the delivery', async () => {
    const { port } = receiver.address() as AddressInfo
    await page.goto(`${plant.url}/receivers`)
    await page.getByTestId('receiver-name').fill('CMMS')
    await page.getByTestId('receiver-url').fill(`http://127.0.0.1:${port}/hook`)
    await page.getByTestId('receiver-add').click()
    await page.getByTestId('receiver-test').click()
    expect(await page.getByTestId('receiver-test-outcome').textContent()).toContain('answered 200')
    expect(heard[0]).toMatch(/^v1,/)
    await page.getByTestId('deliveries').click()
    await page.locator('[data-testid^="delivery-"]').first().waitFor()
  }, 60_000)

  it('has nothing serious for axe on any page, desktop and phone, and fits the phone', async () => {
    for (const viewport of Object.values(sizes)) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce', bypassCSP: true })
      const seen = await context.newPage()
      for (const one of pagesToSee({ ticket: pressing, device: 'pump-05' })) {
        await visit(seen, plant.url, one)
        expect(await seriousFindings(seen), `${one.name} at ${viewport.width} px`).toEqual([])
        const beyond = await seen.evaluate('document.documentElement.scrollWidth - innerWidth')
        expect(beyond, `${one.name} is too wide at ${viewport.width} px`).toBeLessThanOrEqual(0)
      }
      await context.close()
    }
    expect([...problems, ...plant.fatal]).toEqual([])
  }, 120_000)

  /** Hooks have no polling of their own. */
  async function ticketsAre(least: number) {
    for (let tries = 0; tries < 180; tries++) {
      if ((await plant.journey.tickets.list()).length >= least) return
      await wait(500)
    }
    throw new Error(`fewer than ${least} tickets after 90 s`)
  }

  async function stateBecomes(id: number, state: string) {
    await expect
      .poll(async () => (await plant.journey.tickets.get(id)).state, { timeout: 15_000 })
      .toBe(state)
  }
})
