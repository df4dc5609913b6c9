import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import type { Random } from '../../edge/simulator/random.ts'
import { type Service, startService } from '../services/harness.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import type { Findings } from './check.ts'
import { Control } from './control.ts'
import { influxRows } from './influxRows.ts'
import { lettersIn } from './letters.ts'
import { type MoodyStore, startMoodyStore } from './moodyStore.ts'
import type { Plant, UnaskedEnd } from './plant.ts'
import { Supervised, unaskedEnd } from './supervised.ts'
import { ticketsOf } from './tickets.ts'

/** Processes of an installation by name, with their roles. */
export type Cast = Readonly<Record<string, string>>
const database = 'campaign'

/** What an installation is made of. */
export interface ServicesSetup {
  readonly cast: Cast
  /** Mosquitto instead of the broker in the ingest process. */
  readonly externalBroker: boolean
}

export interface Servers {
  readonly influx: Service
  readonly redis: Service
  readonly postgres: Service
  readonly broker?: Service
}

/** One process of forewarn, or one a role, on real servers; InfluxDB is reached through something that can fail. */
export class ServicesPlant implements Plant {
  readonly processes: ReadonlyMap<string, Supervised>
  /** Shared by all processes: it is one machine whose clock jumps. */
  readonly control: Control

  private constructor(
    readonly folder: string,
    private readonly setup: ServicesSetup,
    readonly servers: Servers,
    readonly store: MoodyStore,
  ) {
    this.control = new Control(join(folder, 'control.json'))
    const processes = Object.keys(setup.cast).map((name) => [name, this.supervise(name)] as const)
    this.processes = new Map(processes)
  }

  static async make(folder: string, setup: ServicesSetup, random: Random): Promise<ServicesPlant> {
    mkdirSync(folder, { recursive: true })
    const [influx, redis, postgres, broker] = await Promise.all([
      startService('influxd'),
      startService('redis-server'),
      startService('postgres'),
      setup.externalBroker ? startService('mosquitto') : undefined,
    ])
    const store = await startMoodyStore(influx.port, random)
    const servers = { influx, redis, postgres, ...(broker && { broker }) }
    return new ServicesPlant(folder, setup, servers, store)
  }

  mqttUrl(): string | undefined {
    return this.servers.broker?.url ?? this.withRole('ingest').mqttUrl
  }

  httpUrl(): string | undefined {
    return this.withRole('web').httpUrl
  }

  async start(): Promise<void> {
    for (const process of this.processes.values()) process.start()
    await Promise.all([...this.processes.values()].map((process) => process.up()))
  }

  /** What the other processes count is up to a second old: one look may join yesterday's log with today's store. */
  async settled(atLeast: number): Promise<void> {
    const look = () => getJson<Summary>(`${this.httpUrl()}/api/summary`).catch(() => undefined)
    const settled = (seen: Summary | undefined) => seen !== undefined && isSettled(seen, atLeast)
    await until(look, settled, 90_000)
    if (this.processes.size === 1) return
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    await until(look, settled, 90_000)
  }

  async findings(): Promise<Findings> {
    const { influx } = this.servers
    return {
      ...(await influxRows(influx.port, database)),
      letters: await this.letters(),
      tickets: await ticketsOf(this.httpUrl()!),
    }
  }

  unasked(): readonly UnaskedEnd[] {
    return [...this.processes].flatMap(([name, process]) =>
      process.takeEnds().map((end) => unaskedEnd(name, end)),
    )
  }

  async close({ keep }: { keep: boolean }): Promise<void> {
    await Promise.all([...this.processes.values()].map((process) => process.stop(10_000)))
    await this.store.close()
    await Promise.all(Object.values(this.servers).map((service: Service) => service.close()))
    if (!keep) rmSync(this.folder, { recursive: true, force: true })
  }

  private supervise(name: string): Supervised {
    const { influx: _, redis, postgres, broker } = this.servers
    return new Supervised(join(this.folder, `${name}.log`), () => ({
      folder: join(this.folder, name),
      env: {
        FOREWARN_TELEMETRY_URL: `influx://127.0.0.1:${this.store.port}/${database}`,
        FOREWARN_QUEUE_URL: redis.url,
        FOREWARN_TICKETS_URL: postgres.url,
        FOREWARN_INGEST_MAXPASTDAYS: '400',
        FOREWARN_WORKER_NAME: name,
        FOREWARN_WORKER_ROLES: this.setup.cast[name]!,
        ...(broker && { FOREWARN_MQTT_URL: broker.url }),
        ...this.control.env,
      },
    }))
  }

  private withRole(role: string): Supervised {
    const name = Object.keys(this.setup.cast).find((one) => this.setup.cast[one]!.includes(role))
    return this.processes.get(name!)!
  }

  /** Each ingest process keeps its own. */
  private async letters(): Promise<Findings['letters']> {
    const found: Findings['letters'][number][] = []
    for (const name of this.processes.keys()) {
      const log = join(this.folder, name, 'log')
      if (!existsSync(log)) continue
      const copy = join(this.folder, 'copy')
      cpSync(log, copy, { recursive: true })
      found.push(...(await lettersIn(copy)))
      rmSync(copy, { recursive: true, force: true })
    }
    return found
  }
}

function isSettled({ readings, log, queue }: Summary, atLeast: number): boolean {
  const isIdle =
    Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active + queue.delayed === 0
  // what an external broker still holds is behind nobody's cursor
  return isIdle && readings.stored + readings.deadLettered >= atLeast
}
