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

export const roles = ['ingest', 'score', 'alerts', 'web'] as const
export type RoleName = (typeof roles)[number]

/** One process a role, as a plant would run them. */
export interface Installation {
  readonly processes: Record<RoleName, ForewarnProcess>
  readonly mqttUrl: string
  readonly httpUrl: string
  /** Kills a role's process and starts it again, on the same folder and name. */
  restart(role: RoleName): Promise<void>
  summary(): Promise<Summary>
  /** Resolves when everything sent is stored, scored and handled. */
  settled(sent: number, ms?: number): Promise<Summary>
  close(): Promise<void>
}

/** Starts four processes, each with one role, in any order they like. */
export async function startInstallation(
  services: Services,
  env: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'forewarn-roles-'))
  const start = (role: RoleName) =>
    startProcess({
      folder: join(folder, role),
      env: {
        FOREWARN_TELEMETRY_URL: services.influx,
        FOREWARN_QUEUE_URL: services.redis,
        FOREWARN_TICKETS_URL: services.postgres,
        FOREWARN_INGEST_MAXPASTDAYS: '400',
        FOREWARN_WORKER_NAME: `${role}-1`,
        FOREWARN_WORKER_ROLES: role,
        ...env,
      },
    })
  const [ingest, score, alerts, web] = await Promise.all(roles.map(start))
  const processes = { ingest: ingest!, score: score!, alerts: alerts!, web: web! }
  const installation: Installation = {
    processes,
    get mqttUrl() {
      return processes.ingest.mqttUrl
    },
    get httpUrl() {
      return processes.web.httpUrl
    },
    async restart(role) {
      await processes[role].kill()
      processes[role] = await start(role)
    },
    summary: () => getJson<Summary>(`${processes.web.httpUrl}/api/summary`),
    settled: (sent, ms = 90_000) =>
      until(
        () => installation.summary().catch(() => undefined),
        (summary) => summary !== undefined && isSettled(summary, sent),
        ms,
      ) as Promise<Summary>,
    async close() {
      for (const role of roles.toReversed()) await processes[role].stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return installation
}

/** Other processes tell their counts once a second: `sent` keeps an early look from passing for the end. */
function isSettled({ readings, log, queue }: Summary, sent: number): boolean {
  const accounted = readings.stored + readings.duplicates + readings.deadLettered
  const idle =
    Object.values(log.behind).every((n) => n === 0) && queue.waiting + queue.active + queue.delayed === 0
  return idle && accounted >= sent
}
