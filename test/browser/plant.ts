import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Journey, startJourney } from '../../app/journey.ts'
import { parseConfig } from '../../core/config.ts'
import { type Fleet, startFleet } from '../../edge/simulator/fleet.ts'

const day = 86_400_000

export interface Plant {
  readonly journey: Journey
  readonly fleet: Fleet
  /** Of the page. */
  readonly url: string
  /** What ended the process's work, if anything. */
  readonly fatal: string[]
  readonly close: () => Promise<void>
}

export interface PlantOptions {
  readonly pumps: number
  readonly seed?: string
  /** Days before now at which the machines' time starts; far back, it never catches up. */
  readonly daysAgo?: number
  readonly sites?: readonly string[]
  readonly config?: Readonly<Record<string, unknown>>
}

/** The whole of forewarn in this process, with a simulated fleet of healthy pumps that break when they are told to. */
export async function startPlant(options: PlantOptions): Promise<Plant> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-browser-'))
  const fatal: string[] = []
  let fleet: Fleet | undefined
  const journey = await startJourney({
    config: parseConfig({
      data: { folder },
      mqtt: { port: 0 },
      http: { port: 0 },
      ingest: { maxPastDays: 4_000 },
      ...options.config,
    }),
    logger: pino({ level: 'silent' }),
    onFatal: (error) => fatal.push(String(error)),
    simulator: async ({ url, catalogue }) => {
      fleet = startFleet({
        url,
        assetType: catalogue.get('pump')!,
        seed: options.seed ?? 'browser',
        pumps: options.pumps,
        sites: options.sites,
        faults: 'none',
        start: Date.now() - (options.daysAgo ?? 1_000) * day,
      })
      const running = fleet
      return { control: running, sent: () => running.sent().total, close: () => running.stop() }
    },
  })
  return {
    journey,
    fleet: fleet!,
    url: journey.httpUrl,
    fatal,
    async close() {
      await journey.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
