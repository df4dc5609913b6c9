import type { Logger } from 'pino'
import { type Clock, systemClock } from '../../core/clock.ts'
import type { TicketState } from '../../core/ticket.ts'
import { type Fleet, type FleetOptions, startFleet } from '../../edge/simulator/fleet.ts'
import { type Journey, startJourney } from '../journey.ts'
import type { Stopped } from '../untilStopped.ts'
import { drain, type LossAccounts, lossAccounts, openings } from './accounts.ts'
import type { Colleague } from './colleague.ts'
import { livePast } from './livePast.ts'
import { morning, planPast } from './past.ts'
import { showProgress } from './progress.ts'
import { demoConfig, demoFolder, demoStartDays, demoTodayDays } from './settings.ts'

const day = 86_400_000

/** Readings a second of each pump: in the past, and while the visitor looks at it. */
const pastRate = 60
const calmRate = 1

export interface FleetDemoOptions {
  readonly headless: boolean
  readonly seed: string
  readonly faults: 'none' | 'random'
  readonly pumps: number
  /** Simulated days that the fleet and a colleague have behind them when the visitor comes; 0: time-lapse from the start. */
  readonly pastDays: number
  readonly untilTicket: boolean
  /** End after so many seconds; Infinity: at Ctrl-C. */
  readonly seconds: number
  readonly port: number | undefined
}

/** The last line of a headless demo. */
export interface FleetDemoResult extends LossAccounts {
  readonly scored: number
  readonly tickets: number
  /** How many are in which state. */
  readonly states: Partial<Record<TicketState, number>>
  /** From the first opening to the last one; 0 without tickets. */
  readonly openedOverDays: number
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
    const times = timesOf(options)
    const today: Clock = { ...systemClock, now: () => fleet?.time() ?? times.start }
    const journey = await startJourney({
      config,
      logger,
      ...(options.pastDays > 0 && { today }),
      onFatal: stopped.fail,
      simulator: async ({ url, catalogue }) => {
        const assetType = catalogue.get('pump')!
        const { seed, pumps, faults } = options
        const running = startFleet({ url, assetType, seed, pumps, faults, ...times })
        fleet = running
        return { control: running, sent: () => running.sent().total, close: () => running.stop() }
      },
    })
    try {
      const colleague = await pastOf(journey, fleet!, times, options, stopped)
      const progress = showProgress(journey, options)
      const reached = await untilEnd(journey, options, stopped)
      progress.stop()
      await colleague?.stop()
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

type Times = Pick<FleetOptions, 'past' | 'calmRatePerDevice' | 'planned'> & { readonly start: number }

/** When the fleet's time begins, and how fast it goes. */
function timesOf({ pastDays, seed, pumps }: FleetDemoOptions): Times {
  if (pastDays === 0) return { start: Date.now() - demoStartDays * day }
  const until = morning(Date.now(), demoTodayDays)
  return {
    start: until - pastDays * day,
    past: { until, ratePerDevice: pastRate },
    calmRatePerDevice: calmRate,
    planned: planPast(seed, pumps, pastDays),
  }
}

async function pastOf(
  journey: Journey,
  fleet: Fleet,
  { start, past }: Times,
  { seed }: FleetDemoOptions,
  stopped: Stopped,
): Promise<Colleague | undefined> {
  return past && livePast(journey, fleet, { seed, start, until: past.until }, stopped)
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
    states: await journey.tickets.countByState(),
    openedOverDays: await openedOverDays(journey),
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

async function openedOverDays({ tickets }: Journey): Promise<number> {
  const times = (await tickets.list({ limit: 10_000 })).map(({ openedAt }) => openedAt)
  return times.length === 0 ? 0 : (Math.max(...times) - Math.min(...times)) / day
}
