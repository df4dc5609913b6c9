// Pictures of every page, on a desktop and on a phone, from the demo as it runs: `npm run screenshots`.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { findChromium, launch } from '../test/browser/chromium.ts'
import { type Examples, pagesToSee, sizes, visit } from '../test/browser/pages.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('../docs/images', import.meta.url)) },
    only: { type: 'string' },
    scheme: { type: 'string', default: 'light' },
  },
})

/** The demo's two weeks are lived through before it answers with tickets in every state. */
const pastTakesMs = 240_000

const executable = findChromium()
if (!executable) throw new Error('Chromium is missing (apt-get install chromium)')
mkdirSync(values.out, { recursive: true })
const demo = values.url ? undefined : await startDemo()
try {
  const url = values.url ?? demo!.url
  const browser = await launch(executable)
  await takeAll(browser, url, await examples(url))
  await browser.close()
} finally {
  demo?.process.kill('SIGTERM')
}

async function takeAll(browser: Browser, url: string, about: Examples) {
  for (const [size, viewport] of Object.entries(sizes)) {
    const colorScheme = values.scheme === 'dark' ? 'dark' : 'light'
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' })
    for (const one of pagesToSee(about)) {
      if (values.only && values.only !== one.name) continue
      await visit(page, url, one)
      await wait(600)
      writeFileSync(`${values.out}/${one.name}-${size}.png`, await page.screenshot())
      console.error(`${one.name}-${size}.png`)
    }
    await page.close()
  }
}

/** The most pressing unfinished ticket and its device: the page with the most to see. */
async function examples(url: string): Promise<Examples> {
  const answer = await fetch(`${url}/api/tickets?state=open,acknowledged,scheduled&sort=priority&limit=1`)
  const { tickets } = (await answer.json()) as { tickets: { id: number; device: string }[] }
  const first = tickets[0]
  if (!first) throw new Error('The demo has no unfinished ticket to show')
  return { ticket: first.id, device: first.device }
}

async function startDemo(): Promise<{ process: ChildProcess; url: string }> {
  const port = await freePort()
  const started = spawn(process.execPath, ['bin/forewarn.cjs', 'demo', '--port', String(port)], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = `http://127.0.0.1:${port}`
  await new Promise<void>((ready, failed) => {
    const timer = setTimeout(() => failed(new Error('The demo did not get ready')), pastTakesMs)
    started.stderr.on('data', (text: Buffer) => {
      if (!text.toString().includes(url)) return
      clearTimeout(timer)
      ready()
    })
    started.once('exit', (code) => failed(new Error(`The demo ended with ${code}`)))
  })
  return { process: started, url }
}

function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}
