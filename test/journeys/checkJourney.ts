import { expect } from 'vitest'
import type { Journey } from '../../app/journey.ts'
import { expected, play, scenario } from './runJourney.ts'

/** The folders of this directory: each a scenario with what must come of it. */
const machineJourneys = ['device-to-ticket', 'healthy-fleet', 'bad-input', 'late-and-gappy'] as const
/** Existing publishers, understood by the mapping files of catalogue/mappings. */
const mappingJourneys = [
  'mapping-smart-sensors',
  'mapping-opcua-arrays',
  'mapping-plc-numbers',
  'sparkplug-birth-then-data',
  'sparkplug-data-before-birth',
  'sparkplug-sequence-gap',
  'sparkplug-alias-reuse',
  'sparkplug-unknown-metric',
  'sparkplug-stale-death',
  'sparkplug-restart',
] as const
export const journeyNames = [...machineJourneys, ...mappingJourneys] as const
export type JourneyName = (typeof journeyNames)[number]

/** Plays a journey on the given adapters and compares everything that came of it. */
export async function checkJourney(name: JourneyName, adapters: Record<string, unknown> = {}): Promise<void> {
  const want = expected(name)
  const outcome = await play(
    scenario(name),
    adapters,
    name === 'device-to-ticket' ? plannerAnswers : undefined,
  )
  expect(outcome).toEqual({ duplicates: 0, deadLetters: {}, devices: {}, commands: [], ...want, lost: 0 })
}

/** The planner acknowledges, schedules and resolves the ticket with a verdict over HTTP, as the page does. */
export async function plannerAnswers(journey: Journey): Promise<void> {
  const [ticket] = await journey.tickets.list()
  const act = async (action: string, body: object) => {
    const { version } = await journey.tickets.get(ticket!.id)
    const response = await fetch(`${journey.httpUrl}/api/tickets/${ticket!.id}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ actor: 'Ines', version, ...body }),
    })
    expect(response.status, await response.clone().text()).toBe(200)
  }
  await act('acknowledge', {})
  await act('schedule', { scheduledFor: Date.now() + 86_400_000 })
  await act('resolve', { verdict: 'confirmed', verdictMode: 'bearing_wear', note: 'outer race spalled' })
  const resolved = await journey.tickets.get(ticket!.id)
  expect(resolved).toMatchObject({ state: 'resolved', verdict: 'confirmed', verdictMode: 'bearing_wear' })
  const kinds = (await journey.tickets.history(ticket!.id)).map((event) => event.kind)
  const answers = kinds.filter((kind) => kind !== 'merged' && kind !== 'revised')
  expect(answers).toEqual(['opened', 'acknowledged', 'scheduled', 'resolved'])
}
