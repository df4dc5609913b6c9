import type { AssetType } from '../../core/catalogue.ts'
import { type Clock, systemClock } from '../../core/clock.ts'
import { ForewarnError } from '../../core/errors.ts'
import { createPacer, untilPast } from '../pacer.ts'
import { openPublisher, type Publisher } from '../publisher.ts'
import { createSentCounter, type Sent } from '../sent.ts'
import {
  type EventPayload,
  eventTopic,
  type Place,
  type TelemetryPayload,
  telemetryTopic,
} from '../topics.ts'
import type { Episode } from './episode.ts'
import { planFaults } from './faultPlan.ts'
import { type FleetJudgement, judgeFleet, type TicketOpening } from './judge.ts'
import { shownDevelopHours } from './lives.ts'
import { createRandom } from './random.ts'
import { createSimulatedPump, type PumpView, type SimulatedPump } from './simulatedPump.ts'

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
  /**
   * Event time of the first readings, ms; default 29 days ago. Time runs faster than the clock until it has caught up
   * with now, then as fast.
   */
  readonly start?: number | undefined
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
  const { assetType, seed, pumps: count = 12, sites = ['north', 'south'], ratePerDevice = 20 } = options
  const { clock = systemClock, faults = 'random' } = options
  const start = options.start ?? clock.now() - 29 * day
  const boot = clock.now().toString(36)
  const orders = createRandom(`${seed}/orders`)
  const publishers = Array.from({ length: options.gateways ?? 2 }, (_, i) =>
    openPublisher({ url: options.url, name: `gateway-${i + 1}`, maxInFlight: options.maxInFlight }),
  )
  const machines = Array.from({ length: count }, (_, i): Machine => {
    const device = `pump-${String(i + 1).padStart(2, '0')}`
    const site = sites[i % sites.length]!
    const failureModes = assetType.failureModes
    return {
      pump: createSimulatedPump({ seed, device, site, failureModes, start }),
      place: { site, assetType: assetType.name, device },
      publisher: publishers[i % publishers.length]!,
      // Machines are not read in the same instant.
      phase: Math.floor(createRandom(`${seed}/${device}/phase`).between(0, 0.4) * assetType.cadenceMs),
      seq: 0,
    }
  })
  const planned = faults === 'random' ? planFaults(seed, count) : []
  const sent = createSentCounter()
  const stopping = new AbortController()
  let now = start

  const publishEvent = ({ place, publisher }: Machine, event: EventPayload) =>
    publisher.publish(eventTopic(place), JSON.stringify(event), () => {})

  const publishReading = (machine: Machine, time: number, values: Float64Array) => {
    const { place, publisher } = machine
    const payload: TelemetryPayload = {
      time,
      seq: machine.seq++,
      boot,
      publishedAt: clock.now(),
      values: Object.fromEntries(assetType.channels.map((c, i) => [c.name, rounded(values[i]!)])),
    }
    return publisher.publish(telemetryTopic(place), JSON.stringify(payload), () => sent.count(place.device))
  }

  const live = async (machine: Machine, time: number) => {
    const happening = machine.pump.advance(time)
    if (happening.kind === 'reading') await publishReading(machine, time, happening.values)
    if (happening.kind === 'failed')
      await publishEvent(machine, { time, kind: 'failed', detail: happening.mode })
  }

  const run = async () => {
    const pacer = createPacer(clock, ratePerDevice * count)
    for (let slot = 0; !stopping.signal.aborted; slot++) {
      const slotTime = start + slot * assetType.cadenceMs
      for (const fault of planned.filter((f) => f.slot === slot)) {
        machines[fault.pump]!.pump.break(fault.mode, slotTime, { ordered: false })
      }
      for (const machine of machines) {
        await pacer.turn(stopping.signal)
        await untilPast(slotTime + machine.phase, clock, stopping.signal)
        if (stopping.signal.aborted) return
        now = Math.max(now, slotTime + machine.phase)
        await live(machine, slotTime + machine.phase)
      }
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
      const pumps = machines.map((m) => m.pump.view())
      return {
        assetType: assetType.name,
        hoursPerSecond: (ratePerDevice * assetType.cadenceMs) / hour,
        modes: assetType.failureModes.map(({ name, label }) => ({ name, label })),
        pumps,
        totalCost: pumps.reduce((sum, p) => sum + p.cost, 0),
      }
    },
    break(device, mode) {
      const developHours = orders.between(...shownDevelopHours)
      find(device).pump.break(mode, now, { ordered: true, developHours })
    },
    async repair(device) {
      const machine = find(device)
      machine.pump.repair(now)
      await publishEvent(machine, { time: now, kind: 'repaired', detail: 'repaired in the simulator' })
    },
    async stop(timeoutMs) {
      stopping.abort()
      await Promise.all([running, ...publishers.map((p) => p.close(timeoutMs))])
    },
  }
}

interface Machine {
  readonly pump: SimulatedPump
  readonly place: Place
  readonly publisher: Publisher
  /** How long after the full slot this machine is read, ms. */
  readonly phase: number
  seq: number
}

/** Sensors have no more than five digits. */
const rounded = (value: number): number => Number(value.toPrecision(5))
