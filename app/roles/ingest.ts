import type { LifeEvent } from '../../core/device.ts'
import type { DeviceRegister } from '../../core/ports.ts'
import type { TlsPair } from '../../core/tls.ts'
import { type AckLatency, measured } from '../../ingest/ackLatency.ts'
import { startSender } from '../../ingest/handoff/sender.ts'
import type { Inlet } from '../../ingest/inlet.ts'
import { createIntake, type Intake, type NewDevice } from '../../ingest/intake.ts'
import type { IngestAccount } from '../accounts.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { openOutbox } from '../lifeEventOutbox.ts'
import type { Link } from '../link.ts'
import { createMirror } from '../live/deadLettersMirror.ts'
import { openMapping, publishBy } from '../loadMapping.ts'
import { Rate } from '../rate.ts'
import { lossEquation } from '../recorder/loss.ts'
import { untilAccepted } from '../untilAccepted.ts'
import { type OpenInlet, openInlet } from './inlet.ts'
import type { Readings } from './readings.ts'

export interface IngestParts {
  readonly readings: Readings
  readonly register: DeviceRegister
  readonly link: Link | undefined
  readonly tls: TlsPair | undefined
  lifeEvent(event: LifeEvent): Promise<void>
  /** A device that speaks for the first time. */
  appeared(device: NewDevice): void
}

/** The ingest role: messages in, readings into the log, the log on to the score processes. */
export interface Ingest extends OpenInlet {
  account(): Promise<IngestAccount>
}

export async function startIngest(around: Around, parts: IngestParts): Promise<Ingest> {
  const { config, catalogue, clock, closers, logger } = around
  const { readings, link, lifeEvent } = parts
  const handOff = sendTo(around, parts)
  const registering = new Registering(around, parts)
  closers.add('register', () => registering.close())
  // A crash may have come between the log and the register.
  registering.add(readings.log.devices().map((device) => ({ ...device, firstSeen: around.startedAt })))
  const mapping = await openMapping(config, readings.folder, catalogue)
  closers.add('mapping', () => mapping?.state.close())
  const outbox = openOutbox({ folder: readings.folder, tell: lifeEvent, clock, logger })
  closers.add('life events of devices', () => outbox.close())
  let inlet: Inlet | undefined
  const intake = createIntake({
    catalogue,
    log: readings.log,
    clock,
    config: { ...config.ingest, maxPayloadBytes: config.mqtt.maxPayloadBytes },
    onNewDevices: (devices) => {
      for (const device of devices) parts.appeared(device)
      registering.add(devices)
    },
    onLifeEvent: (event) => outbox.keep(event),
    mapping: mapping && { ...mapping, publish: publishBy(() => inlet) },
  })
  const way = measured(intake)
  const open = await openInlet(around, {
    intake: way,
    tls: parts.tls,
    folder: readings.folder,
    mappedTopics: mapping?.mapper.topics() ?? [],
  })
  inlet = open.inlet
  if (link) {
    const mirror = createMirror(link.commands, config.worker.name, readings.log.deadLetters)
    const mirroring = every(2_000, mirror, clock, (error) =>
      logger.warn({ err: error }, 'dead letters are not shown'),
    )
    closers.add('dead letters’ mirror', () => mirroring.stop())
  }
  return {
    ...open,
    account: accountOf(around, { readings, intake, handOff, inlet: open.inlet, latency: way.latency }),
  }
}

function sendTo(around: Around, { readings, link }: IngestParts) {
  const { config, catalogue, clock, closers, logger } = around
  const { streams, log } = readings
  if (!streams || !link) return undefined
  const sender = startSender({ ...config.handoff, streams, catalogue, log, clock, logger })
  closers.add('handoff', () => sender.close())
  return sender
}

/** Registers new devices, however long the database is away. */
class Registering {
  private readonly closing = new AbortController()
  private last: Promise<void> = Promise.resolve()

  constructor(
    private readonly around: Around,
    private readonly parts: IngestParts,
  ) {}

  add(devices: readonly NewDevice[]): void {
    const { clock, logger } = this.around
    const register = () => this.parts.register.seen(devices)
    this.last = this.last
      .then(() => untilAccepted(register, clock, this.closing.signal))
      .catch((error) =>
        logger.error({ err: error }, 'new devices were not registered; they are at the next start'),
      )
  }

  close(): Promise<void> {
    this.closing.abort()
    return this.last
  }
}

interface Counting {
  readonly readings: Readings
  readonly intake: Intake
  readonly inlet: Inlet
  readonly latency: AckLatency
  readonly handOff: ReturnType<typeof sendTo>
}

function accountOf({ clock, config }: Around, counting: Counting): () => Promise<IngestAccount> {
  const { readings, intake, inlet, latency, handOff } = counting
  const { log, store, backlog } = readings
  const rate = new Rate()
  return async () => {
    // counted in the journey's order: see lossEquation
    const taken = intake.stats()
    const { state, error = null, stored, duplicates } = store.stats()
    const { bytes, behind, oldestAgeMs, ageMs } = log.stats()
    const deadLetters = await log.deadLetters.counts()
    rate.sample(clock.elapsed(), taken.messages)
    const { clients, refused: refusedClients, problem = null } = inlet.stats()
    return {
      messages: { total: taken.messages, perSecond: rate.perSecond(), clients, refusedClients },
      accepted: taken.readings,
      valuesRejected: taken.rejectedValues,
      duplicates,
      deadLetters,
      log: {
        bytes,
        maxBytes: config.log.maxBytes,
        behind: { ...behind },
        oldestAgeMs,
        scoringLagMs: ageMs.scorer ?? 0,
      },
      store: { state, error },
      ackLatencyMs: latency.quantiles(),
      loss: lossEquation(backlog, {
        acknowledged: taken.readings + taken.deadLetterReadings,
        stored,
        duplicates,
        deadLettered: deadLetters.readings,
        inLog: behind.store ?? 0,
      }),
      inletProblem: problem,
      handoffProblem: handOff?.stats().problem ?? null,
    }
  }
}
