import type { Logger } from 'pino'
import { type Fleet, startFleet } from '../../edge/simulator/fleet.ts'
import { type Journey, startJourney } from '../journey.ts'
import type { Stopped } from '../untilStopped.ts'
import { drain, type LossAccounts, lossAccounts, openings } from './accounts.ts'
import { showProgress } from './progress.ts'
import { demoConfig, demoFolder, demoStartDays } from './settings.ts'

export interface FleetDemoOptions {
  readonly headless: boolean
  readonly seed: string
  readonly faults: 'none' | 'random'
  readonly pumps: number
  readonly untilTicket: boolean
  /** End after so many seconds; Infinity: at Ctrl-C. */
  readonly seconds: number
  readonly port: number | undefined
}

/** The last line of a headless demo. */
export interface FleetDemoResult extends LossAccounts {
  readonly scored: number
  readonly tickets: number
  readonly first: {
    device: string
    predictedMode: string
    trueMode: string | null
    lead: number | null
  } | null
  readonly publishToTicketMs: number | null
  readonly judgement: Omit<ReturnType<Fleet['judge']>, 'tickets'>
  /** What was asked for has happened: a ticket under --until-ticket, else simply the end. */
  readonly reached: boolean
}

/** Runs the simulated fleet against the whole journey in this process; resolves at the end asked for. */
export async function runFleetDemo(
  options: FleetDemoOptions,
  logger: Logger,
  stopped: Stopped,
): Promise<FleetDemoResult> {
  const { folder, remove } = demoFolder()
  try {
    const config = await demoConfig(folder, options.port, options.headless)
    let fleet: Fleet | undefined
    const journey = await startJourney({
      config,
      logger,
      onFatal: stopped.fail,
      simulator: async ({ url, catalogue }) => {
        const assetType = catalogue.get('pump')!
        const start = Date.now() - demoStartDays * 86_400_000
        const running = startFleet({
          url,
          assetType,
          seed: options.seed,
          pumps: options.pumps,
          faults: options.faults,
          start,
        })
        fleet = running
        return { control: running, sent: () => running.sent().total, close: () => running.stop() }
      },
    })
    try {
      const progress = showProgress(journey, options)
      const reached = await untilEnd(journey, options, stopped)
      progress.stop()
      await fleet!.stop()
      await drain(journey)
      return await result(journey, fleet!, reached)
    } finally {
      await journey.close()
    }
  } finally {
    remove()
  }
}

/** Looks four times a second whether the end has come; true when it is the one that was asked for. */
async function untilEnd(journey: Journey, options: FleetDemoOptions, stopped: Stopped): Promise<boolean> {
  const end = Date.now() + options.seconds * 1_000
  while (!stopped.signal.aborted && Date.now() < end) {
    if (options.untilTicket && (await journey.tickets.list({ limit: 1 })).length > 0) return true
    await Promise.race([new Promise((done) => setTimeout(done, 250)), stopped.wait])
  }
  return !options.untilTicket
}

async function result(journey: Journey, fleet: Fleet, reached: boolean): Promise<FleetDemoResult> {
  const opened = await openings(journey)
  const { tickets, ...judgement } = fleet.judge(opened)
  const first = tickets[0]
  return {
    ...(await lossAccounts(journey, fleet.sent().total)),
    scored: journey.scored(),
    tickets: opened.length,
    first: first
      ? {
          device: first.device,
          predictedMode: first.predictedMode,
          trueMode: first.trueMode,
          lead: first.lead,
        }
      : null,
    publishToTicketMs: opened[0]?.publishToTicketMs ?? null,
    judgement,
    reached,
  }
}
