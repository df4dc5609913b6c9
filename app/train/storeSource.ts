import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createMaintenance } from '../../alerts/maintenance/sqlMaintenance.ts'
import { createDeviceRegister } from '../../alerts/register/sqlRegister.ts'
import { createTicketStore } from '../../alerts/tickets/sqlTickets.ts'
import type { AssetType } from '../../core/catalogue.ts'
import { systemClock } from '../../core/clock.ts'
import type { Config } from '../../core/config.ts'
import { ForewarnError } from '../../core/errors.ts'
import type { DeviceRegister, Maintenance, TelemetryStore, TicketStore } from '../../core/ports.ts'
import type { Ticket } from '../../core/ticket.ts'
import type { TicketLabel } from '../../models/training/labels/timeline.ts'
import type { RawData } from '../../models/training/prepare.ts'
import { openParts } from '../backup/parts.ts'
import { endOfTime } from '../backup/storedReadings.ts'
import { Closers } from '../closers.ts'
import type { SourceOptions } from './sources.ts'
import { storedSeries } from './storedSeries.ts'

/** What is read of an installation. */
export interface InstallationParts {
  readonly store: Pick<TelemetryStore, 'window' | 'devices'>
  readonly register: Pick<DeviceRegister, 'events' | 'list'>
  readonly maintenance: Pick<Maintenance, 'list'>
  readonly tickets: Pick<TicketStore, 'list'>
}

/**
 * Everything that a stopped installation knows of the devices of an asset type: stored readings in [since, until), life
 * events from the register, verdicts from the tickets. Throws REQUEST_INVALID, DATA_FOLDER_LOCKED and what opening throws.
 */
export async function storeSource(type: AssetType, options: SourceOptions): Promise<RawData> {
  const { config } = options
  if (!config)
    throw new ForewarnError('REQUEST_INVALID', { problem: 'training from the store needs a config' })
  assertKept(config)
  const closers = new Closers()
  try {
    const { store, db } = await openParts({ config, clock: systemClock }, closers)
    const register = createDeviceRegister(db)
    const tickets = createTicketStore(db, { clock: systemClock })
    const maintenance = createMaintenance(db)
    return await readInstallation({ store, register, tickets, maintenance }, type, options)
  } finally {
    await closers.closeAll(() => undefined)
  }
}

/** A mistyped folder would be made, and found empty. */
function assertKept({ data }: Config): void {
  const folder = resolve(data.folder)
  if (existsSync(join(folder, 'log'))) return
  const problem = 'there is no reading log in it: nothing was ever kept here'
  throw new ForewarnError('DATA_FOLDER_UNUSABLE', { folder, problem })
}

/** The same from parts that are open. */
export async function readInstallation(
  { store, register, tickets, maintenance }: InstallationParts,
  type: AssetType,
  { since = -endOfTime, until = endOfTime }: Pick<SourceOptions, 'since' | 'until'>,
): Promise<RawData> {
  const devices = (await store.devices(type.name)).map(({ device }) => device).sort()
  const raw = { series: [], events: [], tickets: [] } as Pick<
    Mutable<RawData>,
    'series' | 'events' | 'tickets'
  >
  for (const device of devices) {
    const series = await storedSeries(store, type, device, { since, until })
    if (series.times.length === 0) continue
    const [events, raised] = await Promise.all([
      register.events(device),
      tickets.list({ device, limit: Number.MAX_SAFE_INTEGER }),
    ])
    raw.series.push(series)
    raw.events.push(...events.filter(({ time }) => time < until))
    raw.tickets.push(...raised.map(labelOf))
  }
  const sites = new Map((await register.list()).map(({ device, site }) => [device, site]))
  const plant = { sites, maintenance: await maintenance.list() }
  return { name: 'the telemetry store', ...raw, notes: notesOf(raw), plant }
}

/** Without its evidence, which is by far the most of a ticket. */
const labelOf = ({ device, mode, state, verdict, verdictMode, prediction }: Ticket): TicketLabel => {
  const { raisedAt, windowEnd } = prediction
  return { device, mode, state, verdict, verdictMode, prediction: { raisedAt, windowEnd } }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] }

const notesOf = ({ events }: Pick<RawData, 'events'>): string[] =>
  events.length > 0
    ? []
    : ['The register holds no life event of these devices: no failure, repair or replacement.']
