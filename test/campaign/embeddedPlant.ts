import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import type { Findings, FoundScore } from './check.ts'
import { Control } from './control.ts'
import { makeSmallDisk, type SmallDisk } from './disk.ts'
import type { SentReading } from './journal.ts'
import { lettersIn } from './letters.ts'
import type { Plant, UnaskedEnd } from './plant.ts'
import { Supervised, unaskedEnd } from './supervised.ts'
import { ticketsOf } from './tickets.ts'

/** Enough for an installation of a few rounds beside the 64 MB that a start asks for. */
const diskMegabytes = 320

/** One process with everything embedded: DuckDB, PGlite, the broker. */
export class EmbeddedPlant implements Plant {
  readonly control: Control
  readonly process: Supervised
  /** Further settings of the next start. */
  settings: Record<string, string> = {}

  private constructor(
    readonly folder: string,
    readonly disk: SmallDisk | undefined,
  ) {
    this.control = new Control(join(folder, 'control.json'))
    this.process = new Supervised(join(folder, 'forewarn.log'), () => ({
      folder: this.dataFolder,
      through: this.through,
      env: { FOREWARN_INGEST_MAXPASTDAYS: '400', ...this.control.env, ...this.settings },
    }))
  }

  /** `smallDisk`: its data lies on a disk that can be filled, where this system allows one. */
  static async make(folder: string, smallDisk: boolean): Promise<EmbeddedPlant> {
    mkdirSync(folder, { recursive: true })
    const disk = smallDisk ? await makeSmallDisk(join(folder, 'disk'), diskMegabytes) : undefined
    return new EmbeddedPlant(folder, disk)
  }

  get dataFolder(): string {
    return join(this.disk?.folder ?? this.folder, 'data')
  }

  get through(): readonly string[] {
    return this.disk?.through ?? []
  }

  mqttUrl(): string | undefined {
    return this.process.mqttUrl
  }

  httpUrl(): string | undefined {
    return this.process.httpUrl
  }

  async start(): Promise<void> {
    this.process.start()
    await this.process.up()
  }

  async settled(): Promise<void> {
    const look = () => getJson<Summary>(`${this.httpUrl()}/api/summary`).catch(() => undefined)
    await until(look, (seen) => seen !== undefined && isSettled(seen), 60_000)
  }

  async findings(): Promise<Findings> {
    const tickets = await ticketsOf(this.httpUrl()!)
    const copy = this.copyOfData()
    const letters = await lettersIn(join(copy, 'log'))
    const rows = await rowsIn(join(copy, 'telemetry.duckdb'))
    rmSync(copy, { recursive: true, force: true })
    return { ...rows, letters, tickets }
  }

  /**
   * The files as they lie there, while the process has nothing to do: what a kill at this moment would leave. DuckDB
   * lets nobody else open them, and would not find its way onto the disk of another namespace.
   */
  private copyOfData(): string {
    const copy = join(this.folder, 'copy')
    const folder = join(this.disk?.outside ?? this.folder, 'data')
    for (const name of readdirSync(folder).filter((name) => /^(log|telemetry\.duckdb.*)$/.test(name)))
      cpSync(join(folder, name), join(copy, name), { recursive: true })
    return copy
  }

  unasked(): readonly UnaskedEnd[] {
    return this.process.takeEnds().map((end) => unaskedEnd('forewarn', end))
  }

  async close({ keep }: { keep: boolean }): Promise<void> {
    await this.process.stop(5_000)
    // a disk of its own ends with its keeper
    if (keep && this.disk)
      cpSync(join(this.disk.outside, 'data'), join(this.folder, 'data'), { recursive: true })
    this.disk?.close()
    if (keep) return
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const isSettled = ({ log, queue }: Summary): boolean =>
  Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active + queue.delayed === 0

/** What a store of our own says of itself is not asked: the file is read as any other tool would. */
async function rowsIn(file: string): Promise<{ stored: SentReading[]; scores: FoundScore[] }> {
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows()
  try {
    const stored = await rows('SELECT device, epoch_ms("time")::DOUBLE, vibration FROM pump')
    const scores = await rows(
      `SELECT k.device, s.time::DOUBLE, s.failure_probability
         FROM forewarn.score AS s JOIN forewarn.score_series AS k ON k.id = s.series WHERE k.role = 'champion'`,
    )
    return {
      stored: stored.map(([device, time, vibration]) => ({ device, time, vibration }) as SentReading),
      scores: scores.map(([device, windowEnd, failureProbability]) => {
        return { device, windowEnd, failureProbability } as FoundScore
      }),
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}
