import type { AssetType } from '../../core/catalogue.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { createPacer, type Pacer, untilPast } from '../pacer.ts'
import { openPublisher, type Publisher } from '../publisher.ts'
import { createSentCounter, type Sent, type SentCounter } from '../sent.ts'
import type { Episode } from './episode.ts'
import { type PlannedFault, planFaults } from './faultPlan.ts'
import { type FleetJudgement, judgeFleet, type TicketOpening } from './judge.ts'
import { shownDevelopHours } from './lives.ts'
import { createMachine, type Machine } from './machine.ts'
import { createRandom } from './random.ts'
import { createSimulatedPump, type PumpView } from './simulatedPump.ts'

const hour = 3_600_000
const day = 24 * hour

export interface FleetOptions {
  /** The broker: `mqtt://host:port`. */
  readonly url: string
  /** The asset type `pump` of the catalogue: cadence, channels, failure modes and their costs. */
  readonly assetType: AssetType
  readonly seed: string | number
  /** Number of pumps; default 12. */
  readonly pumps?: number | undefined
  readonly sites?: readonly string[] | undefined
  /** `random`: most stay healthy, one or two in a dozen break by themselves; `none`: only who is told to. */
  readonly faults?: 'none' | 'random' | undefined
  /** Readings a second of each pump; default 20, which is 200 machine minutes. */
  readonly ratePerDevice?: number | undefined
  /** The same while no fault is under way that somebody ordered; default `ratePerDevice`. */
  readonly calmRatePerDevice?: number | undefined
  /**
   * Event time of the first readings, ms; default 29 days ago. Time runs faster than the clock until it has caught up
   * with now, then as fast.
   */
  readonly start?: number | undefined
  /** Until this event time, ms, the fleet hurries at another rate, readings a second of each pump. */
  readonly past?: { readonly until: number; readonly ratePerDevice: number } | undefined
  /** Faults that come by themselves, instead of what `faults` would plan. */
  readonly planned?: readonly PlannedFault[] | undefined
  /** Connections to the broker; default 2. Each pump keeps to one. */
  readonly gateways?: number | undefined
  /** Readings on their way per gateway before the fleet waits; default 256. */
  readonly maxInFlight?: number | undefined
  readonly clock?: Clock | undefined
}

/** What the page sees: the shape of the HTTP interface's simulator state. */
export interface FleetState {
  readonly assetType: string
  /** Machine hours that pass in one second. */
  readonly hoursPerSecond: number
  readonly modes: { name: string; label: string }[]
  readonly pumps: PumpView[]
  readonly totalCost: number
}

/** A simulated fleet that publishes over MQTT and knows the truth about itself. */
export interface Fleet {
  state(): FleetState
  /** Starts a fault now. Throws DEVICE_UNKNOWN, REQUEST_INVALID for an unknown mode or a pump that has failed. */
  break(device: string, mode: string): void
  /** Heals the machine and publishes `repaired`; it stands still for some hours meanwhile. Throws DEVICE_UNKNOWN. */
  repair(device: string): Promise<void>
  /** Readings that the broker acknowledged. */
  sent(): Sent
  /** Readings on their way. */
  inFlight(): number
  /** Event time up to which the fleet has lived, ms. */
  time(): number
  /** Every fault so far, by pump. */
  episodes(): Episode[]
  judge(openings: readonly TicketOpening[]): FleetJudgement
  /** Stops the machines, waits up to `timeoutMs` for acknowledgements and disconnects. */
  stop(timeoutMs?: number): Promise<void>
}

/** Starts the fleet at once. */
export function startFleet(options: FleetOptions): Fleet {
  const { assetType, seed, pumps = 12, faults = 'random', ratePerDevice = 20 } = options
  const { clock = systemClock, start = clock.now() - 29 * day, past } = options
  const { calmRatePerDevice = ratePerDevice } = options
  const sent = createSentCounter()
  const publishers = openGateways(options)
  const machines = buildMachines({ ...options, pumps, start, clock }, publishers, sent)
  const planned = options.planned ?? (faults === 'random' ? planFaults(seed, pumps) : [])
  const orders = createRandom(`${seed}/orders`)
  const stopping = new AbortController()
  const { signal } = stopping
  let now = start

  const rateNow = () => {
    if (past && now < past.until) return past.ratePerDevice
    const watched = machines.some(({ pump }) => pump.view().state === 'breaking')
    return watched ? ratePerDevice : calmRatePerDevice
  }

  const liveThroughSlot = async (slot: number, pacer: Pacer) => {
    const slotTime = start + slot * assetType.cadenceMs
    for (const fault of planned.filter((f) => f.slot === slot)) {
      const { pump } = machines[fault.pump]!
      // Whoever broke it first has the word.
      if (pump.isHealthy())
        pump.break(fault.mode, slotTime, { ordered: false, developHours: fault.developHours })
    }
    for (const machine of machines) {
      const time = slotTime + machine.phase
      await pacer.turn(signal)
      await untilPast(time, clock, signal)
      if (signal.aborted) return
      now = Math.max(now, time)
      await machine.live(time)
    }
  }
  const run = async () => {
    let [rate, pacer] = [0, createPacer(clock, 1)]
    for (let slot = 0; !signal.aborted; slot++) {
      if (rate !== rateNow()) {
        rate = rateNow()
        pacer = createPacer(clock, rate * pumps)
      }
      await liveThroughSlot(slot, pacer)
    }
  }
  const running = run()

  const find = (device: string): Machine => {
    const machine = machines.find((m) => m.place.device === device)
    if (!machine) throw new ForewarnError('DEVICE_UNKNOWN', { device })
    return machine
  }
  const episodes = () => machines.flatMap((m) => m.pump.episodes())

  return {
    episodes,
    sent: sent.read,
    inFlight: () => publishers.reduce((sum, p) => sum + p.inFlight(), 0),
    time: () => now,
    judge: (openings) => judgeFleet(openings, episodes()),
    state() {
      const views = machines.map((m) => m.pump.view())
      return {
        assetType: assetType.name,
        hoursPerSecond: (rateNow() * assetType.cadenceMs) / hour,
        modes: assetType.failureModes.map(({ name, label }) => ({ name, label })),
        pumps: views,
        totalCost: views.reduce((sum, view) => sum + view.cost, 0),
      }
    },
    break(device, mode) {
      const developHours = orders.between(...shownDevelopHours)
      find(device).pump.break(mode, now, { ordered: true, developHours })
    },
    async repair(device) {
      await find(device).repair(now)
    },
    async stop(timeoutMs) {
      stopping.abort()
      await Promise.all([running, ...publishers.map((p) => p.close(timeoutMs))])
    },
  }
}

const openGateways = ({ url, maxInFlight, gateways = 2 }: FleetOptions): Publisher[] =>
  Array.from({ length: gateways }, (_, i) => openPublisher({ url, name: `gateway-${i + 1}`, maxInFlight }))

type Settled = FleetOptions & { readonly pumps: number; readonly start: number; readonly clock: Clock }

/** Pumps `pump-01` onwards, spread over the sites and the gateways in turn. */
function buildMachines(options: Settled, publishers: readonly Publisher[], sent: SentCounter): Machine[] {
  const { assetType, seed, pumps, start, clock, sites = ['north', 'south'] } = options
  const boot = clock.now().toString(36)
  return Array.from({ length: pumps }, (_, i) => {
    const device = `pump-${String(i + 1).padStart(2, '0')}`
    const site = sites[i % sites.length]!
    const phase = Math.floor(createRandom(`${seed}/${device}/phase`).between(0, 0.4) * assetType.cadenceMs)
    const pump = createSimulatedPump({ seed, device, site, failureModes: assetType.failureModes, start })
    return createMachine({
      pump,
      assetType,
      phase,
      boot,
      sent,
      clock,
      publisher: publishers[i % publishers.length]!,
    })
  })
}
