import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The system's Chromium; undefined where there is none. With CI=true it must be there. */
export function findChromium(): string | undefined {
  const found = places.find(existsSync)
  if (!found && process.env.CI === 'true')
    throw new Error(`Chromium is missing (apt-get install chromium): ${places.join(', ')}`)
  return found
}

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
