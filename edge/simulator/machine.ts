import type { AssetType } from '../../core/catalogue.ts'
import type { Clock } from '../../core/clock.ts'
import type { Publisher } from '../publisher.ts'
import type { SentCounter } from '../sent.ts'
import {
  type EventPayload,
  eventTopic,
  type Place,
  type TelemetryPayload,
  telemetryTopic,
} from '../topics.ts'
import type { SimulatedPump } from './simulatedPump.ts'

/** A simulated pump on the network: what happens to it goes out through its gateway. */
export interface Machine {
  readonly pump: SimulatedPump
  readonly place: Place
  /** How long after the full slot it is read, ms: no two machines are read in the same instant. */
  readonly phase: number
  /** Lives on to `time` and publishes what happened: a reading, or once that it has failed. */
  live(time: number): Promise<void>
  /** Heals the pump and publishes `repaired`. */
  repair(time: number): Promise<void>
}

export interface MachineOptions {
  readonly pump: SimulatedPump
  readonly assetType: AssetType
  readonly publisher: Publisher
  readonly phase: number
  /** Names this run of the simulator: a counter that starts anew under a new boot id is no gap. */
  readonly boot: string
  readonly sent: SentCounter
  readonly clock: Clock
}

export function createMachine(options: MachineOptions): Machine {
  const { pump, assetType, publisher, phase, boot, sent, clock } = options
  const place = { site: pump.site, assetType: assetType.name, device: pump.device }
  let seq = 0

  const publishEvent = (event: EventPayload) =>
    publisher.publish(eventTopic(place), JSON.stringify(event), () => {})

  const publishReading = (time: number, values: Float64Array) => {
    const payload: TelemetryPayload = {
      time,
      seq: seq++,
      boot,
      publishedAt: clock.now(),
      values: Object.fromEntries(assetType.channels.map((c, i) => [c.name, rounded(values[i]!)])),
    }
    return publisher.publish(telemetryTopic(place), JSON.stringify(payload), () => sent.count(place.device))
  }

  return {
    pump,
    place,
    phase,
    async live(time) {
      const happening = pump.advance(time)
      if (happening.kind === 'reading') await publishReading(time, happening.values)
      if (happening.kind === 'failed') await publishEvent({ time, kind: 'failed', detail: happening.mode })
    },
    async repair(time) {
      pump.repair(time)
      await publishEvent({ time, kind: 'repaired', detail: 'repaired in the simulator' })
    },
  }
}

/** Sensors have no more than five digits. */
const rounded = (value: number): number => Number(value.toPrecision(5))
