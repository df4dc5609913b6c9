import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, parseConfig } from '../../core/config.ts'

/** Simulated time starts this far back: at 200 machine minutes a second it takes hours until it reaches now. */
export const demoStartDays = 5 * 365

/**
 * With a past the demo's today is a year ago, on the same day of the week: at a day in two and a half minutes it takes
 * hours until it reaches now.
 */
export const demoTodayDays = 364

export interface DemoFolder {
  readonly folder: string
  remove(): void
}

/** A folder that lives as long as the demo. */
export function demoFolder(): DemoFolder {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-demo-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

const ownFleet = { host: '127.0.0.1', users: [], tlsCert: '', tlsKey: '' }

/**
 * The demo's config: the usual one with a folder of its own, readings accepted from years back, and ports that give way.
 * A demo must start beside whatever else runs; only a port that was asked for is insisted on. Its fleet is in the same
 * process: the broker stays on loopback and asks for no user.
 */
export async function demoConfig(
  folder: string,
  port: number | undefined,
  headless: boolean,
): Promise<Config> {
  const usual = parseConfig({}, process.env, 'the environment')
  const config = {
    ...usual,
    data: { folder },
    ingest: { ...usual.ingest, maxPastDays: 2 * demoStartDays },
    mqtt: { ...usual.mqtt, ...ownFleet, port: headless ? 0 : await freeOr0(usual.mqtt.port) },
    http: { ...usual.http, port: port ?? (headless ? 0 : await freeOr0(usual.http.port)) },
  }
  return parseConfig(config, {}, 'the demo')
}

function freeOr0(port: number): Promise<number> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(0))
    server.listen(port, '127.0.0.1', () => server.close(() => done(port)))
  })
}
