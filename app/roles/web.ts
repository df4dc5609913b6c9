import type { FastifyInstance } from 'fastify'
import type { ServerDeps } from '../../alerts/http/deps.ts'
import { buildHealthServer, buildServer } from '../../alerts/http/server.ts'
import type { TlsPair } from '../../core/tls.ts'
import type { Publisher } from '../accounts.ts'
import type { Around } from '../around.ts'
import { every } from '../every.ts'
import { listen } from '../listen.ts'
import { mirroredLetters } from '../live/deadLettersMirror.ts'
import { RemoteFleet } from '../live/remoteFleet.ts'
import { readStates } from '../live/states.ts'
import type { Seen } from '../look.ts'
import type { Parts } from '../parts.ts'
import { defaultFolders } from '../paths.ts'
import { createReferee } from '../referee/referee.ts'
import type { TrackRecords } from '../referee/trackRecords.ts'
import { createSummary, type QueueCounts } from '../summary.ts'
import { version } from '../version.ts'
import type { OpenBoard } from './board.ts'
import { openModelRegistry } from './models.ts'
import type { ScoreRole } from './score.ts'

export interface WebParts {
  readonly parts: Parts
  readonly board: OpenBoard
  /** In a process that also scores its own log. */
  readonly score: ScoreRole | undefined
  readonly publisher: Publisher | undefined
  readonly tls: TlsPair | undefined
  readonly health: ServerDeps['health']
  readonly queue: () => Promise<Seen<QueueCounts>>
  readonly records: TrackRecords
}

export interface Pages {
  readonly port: number
  readonly summary: ServerDeps['summary']
}

/** The web role: the planner's page and the API. */
export async function startPages(around: Around, web: WebParts): Promise<Pages> {
  const { config, catalogue, today, logger } = around
  const { board, score, publisher, health, tls } = web
  const { tickets, register, store, readings, bus, link, alarms, judge, lifeEvent } = web.parts
  const queue = web.parts.queue!
  const { maintenance, notices } = web.parts
  const states = await statesFor(around, web)
  const summary = createSummary({
    catalogue,
    clock: today,
    board,
    telemetry: store.telemetry,
    tickets,
    queue: web.queue,
    publisher,
    states,
    health,
  })
  const registry = openModelRegistry(around)
  const referee = createReferee({ catalogue, registry, scores: store.scores, register, tickets })
  const server = await buildServer({
    catalogue,
    tickets,
    register,
    telemetry: store.telemetry,
    scores: store.scores,
    models: {
      registry,
      referee,
      drift: (assetType) => score?.drift(assetType),
      trackRecord: (assetType) => web.records.of(assetType),
    },
    queue,
    maintenance,
    notices,
    deadLetters: link ? mirroredLetters(link.commands, board) : readings!.log.deadLetters,
    bus,
    clock: today,
    states,
    alarm: link ? (device) => alarms.of(device) : async (device) => judge!.alarm(device),
    lifeEvent,
    summary,
    health,
    policy: config.policy,
    http: config.http,
    tls,
    logger,
    simulator: publisher?.control,
    webFolder: defaultFolders.web,
    version,
  })
  return { port: await serve(around, server), summary }
}

/** A process without the web role still says how it is. Returns the port in use. */
export async function startHealth(
  around: Around,
  { health, tls }: Pick<WebParts, 'health' | 'tls'>,
): Promise<number> {
  const { config, logger } = around
  return serve(around, await buildHealthServer({ health, tls, http: config.http, logger }))
}

function serve({ config, closers }: Around, server: FastifyInstance): Promise<number> {
  closers.add('HTTP server', () => server.close())
  return listen(server, config.http)
}

/** The latest state of every device: as the scorer of this process has it, or as the score processes tell. */
async function statesFor(
  { clock, closers, logger }: Around,
  { parts, score }: WebParts,
): Promise<ServerDeps['states']> {
  const { link, register, bus } = parts
  if (!link) return () => score!.fleet.states()
  const onProblem = (error: unknown) => logger.warn({ err: error }, 'states of devices are as they were')
  const fleet = new RemoteFleet({ register, bus, read: () => readStates(link.commands), onProblem })
  await fleet.refresh()
  const refreshing = every(2_000, () => fleet.refresh(), clock, onProblem)
  closers.add('states of devices', async () => {
    fleet.close()
    await refreshing.stop()
  })
  return () => fleet.states()
}
