import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Summary } from '../../alerts/http/schemas/index.ts'
import { type ForewarnProcess, getJson, startProcess, until } from './forewarnProcess.ts'

/** Where the services of an installation are. */
export interface Services {
  /** With the database. */
  readonly influx: string
  readonly redis: string
  readonly postgres: string
}

/** A process: its roles, and what is special to it. */
export interface Part {
  readonly roles: string
  readonly env?: Readonly<Record<string, string>>
}
export type Cast = Readonly<Record<string, Part>>

/** One process a role, as the smallest plant would have them. */
export const oneEach = {
  ingest: { roles: 'ingest' },
  score: { roles: 'score' },
  alerts: { roles: 'alerts' },
  web: { roles: 'web' },
} satisfies Cast

/** Several processes that are one installation. */
export interface Installation<Name extends string = keyof typeof oneEach> {
  readonly processes: Record<Name, ForewarnProcess>
  readonly mqttUrl: string
  readonly httpUrl: string
  /** Kills a process and starts it again, on the same folder and under the same name. */
  restart(name: Name): Promise<void>
  summary(): Promise<Summary>
  /** Resolves when everything sent is stored, scored and handled. */
  settled(sent: number, ms?: number): Promise<Summary>
  close(): Promise<void>
}

/** Starts the processes of a cast side by side; `env` is for all of them. */
export async function startInstallation<C extends Cast>(
  services: Services,
  env: Readonly<Record<string, string>>,
  cast: C,
): Promise<Installation<Extract<keyof C, string>>> {
  type Name = Extract<keyof C, string>
  const names = Object.keys(cast) as Name[]
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-roles-'))
  const start = (name: Name) =>
    startProcess({
      folder: join(folder, name),
      env: {
        FOREWARN_TELEMETRY_URL: services.influx,
        FOREWARN_QUEUE_URL: services.redis,
        FOREWARN_TICKETS_URL: services.postgres,
        FOREWARN_INGEST_MAXPASTDAYS: '400',
        FOREWARN_WORKER_NAME: `${name}-1`,
        FOREWARN_WORKER_ROLES: cast[name]!.roles,
        ...env,
        ...cast[name]!.env,
      },
    })
  const started = await Promise.all(names.map(async (name) => [name, await start(name)] as const))
  const processes = Object.fromEntries(started) as Record<Name, ForewarnProcess>
  const withRole = (role: string) => processes[names.find((name) => cast[name]!.roles.includes(role))!]
  const summary = () => getJson<Summary>(`${withRole('web').httpUrl}/api/summary`)
  return {
    processes,
    get mqttUrl() {
      return withRole('ingest').mqttUrl
    },
    get httpUrl() {
      return withRole('web').httpUrl
    },
    async restart(name) {
      await processes[name].kill()
      processes[name] = await start(name)
    },
    summary,
    async settled(sent, ms = 90_000) {
      const look = () => summary().catch(() => undefined)
      const settled = (seen: Summary | undefined) => seen !== undefined && isSettled(seen, sent)
      await until(look, settled, ms)
      // What other processes count is up to a second old: a first look may join yesterday's log with today's store.
      await new Promise((resolve) => setTimeout(resolve, 2_500))
      return (await until(look, settled, ms))!
    },
    async close() {
      for (const name of names.toReversed()) await processes[name].stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function isSettled({ readings, log, queue }: Summary, sent: number): boolean {
  const accounted = readings.stored + readings.duplicates + readings.deadLettered
  const idle =
    Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active + queue.delayed === 0
  return idle && accounted >= sent
}
