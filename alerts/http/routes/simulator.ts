import { ForewarnError } from '../../../core/errors.ts'
import { type App, answers } from '../app.ts'
import type { ServerDeps, SimulatorControl } from '../deps.ts'
import { deviceParams, done } from '../schemas/common.ts'
import { breakBody, simulatorView } from '../schemas/simulator.ts'

const tags = ['simulator']

export function simulatorRoutes(app: App, deps: ServerDeps): void {
  app.get(
    '/api/simulator',
    { schema: { tags, summary: 'The simulated fleet, null without one', response: answers(simulatorView) } },
    async () => ({ simulator: deps.simulator?.state() ?? null }),
  )

  app.post(
    '/api/simulator/:device/break',
    {
      schema: {
        tags,
        summary: 'Break a machine: start a fault of this mode',
        params: deviceParams,
        body: breakBody,
        response: answers(done),
      },
    },
    async ({ params, body, url }) => {
      await simulatorOf(deps, url).break(params.device, body.mode)
      return { ok: true as const }
    },
  )

  app.post(
    '/api/simulator/:device/repair',
    { schema: { tags, summary: 'Repair a machine', params: deviceParams, response: answers(done) } },
    async ({ params, url }) => {
      await simulatorOf(deps, url).repair(params.device)
      return { ok: true as const }
    },
  )
}

function simulatorOf({ simulator }: ServerDeps, path: string): SimulatorControl {
  if (simulator) return simulator
  throw new ForewarnError('NOT_FOUND', { path })
}
