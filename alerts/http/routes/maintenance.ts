import { ForewarnError } from '../../../core/errors.ts'
import type { MaintenanceWindow } from '../../../core/maintenance.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps } from '../deps.ts'
import {
  type MaintenanceView,
  maintenanceBody,
  maintenanceEnd,
  maintenanceList,
  maintenanceParams,
  maintenanceQuery,
  maintenanceWindow,
} from '../schemas/maintenance.ts'

const tags = ['maintenance']

/** Times in which devices are worked on: their scores count neither for nor against. */
export function maintenanceRoutes(app: App, deps: ServerDeps): void {
  const { maintenance, clock } = deps
  const view = (window: MaintenanceWindow): MaintenanceView => ({
    ...window,
    state: stateAt(window, clock.now()),
  })

  app.get(
    '/api/maintenance',
    {
      schema: {
        tags,
        summary: 'Maintenance windows, newest first',
        querystring: maintenanceQuery,
        response: answers(maintenanceList),
      },
    },
    async ({ query: { state } }) => {
      const all = (await maintenance.list()).map(view)
      return { maintenance: all.filter((window) => state === undefined || window.state === state) }
    },
  )

  app.post(
    '/api/maintenance',
    {
      schema: {
        tags,
        summary: 'Mute a device, a site or an asset type while it is worked on',
        body: maintenanceBody,
        response: answers(maintenanceWindow),
      },
    },
    async ({ body: { scope, of, reason, actor, hours, ...times } }) => {
      await assertKnown(deps, scope, of)
      const from = times.from ?? clock.now()
      const to = times.to ?? (hours === undefined ? undefined : from + hours * 3_600_000)
      if (to === undefined) throw invalid('say until when, by `to` or by `hours`')
      if (to <= from) throw invalid('it has to end after it begins')
      const window = { scope, of, from: Math.round(from), to: Math.round(to), reason, actor }
      return view(await maintenance.add(window))
    },
  )

  app.post(
    '/api/maintenance/:id/end',
    {
      schema: {
        tags,
        summary: 'End a maintenance window early; one that has not begun then never does',
        params: maintenanceParams,
        body: maintenanceEnd,
        response: answers(maintenanceWindow),
      },
    },
    async ({ params: { id }, body: { actor, at } }) =>
      view(await maintenance.end(id, { actor, at: Math.round(at ?? clock.now()) })),
  )
}

const stateAt = ({ from, to }: MaintenanceWindow, now: number): MaintenanceView['state'] =>
  now >= to ? 'over' : now < from ? 'planned' : 'in_force'

const invalid = (problem: string) => new ForewarnError('REQUEST_INVALID', { problem })

/** A mistyped name would mute nothing, and nobody would notice. */
async function assertKnown(
  { register, catalogue }: ServerDeps,
  scope: MaintenanceWindow['scope'],
  of: string,
): Promise<void> {
  if (scope === 'device') await register.get(of)
  else if (scope === 'asset_type' && !catalogue.has(of)) throw invalid(`there is no asset type ${of}`)
  else if (scope === 'site' && !(await register.list()).some(({ site }) => site === of))
    throw invalid(`no device stands at a site ${of}`)
}
