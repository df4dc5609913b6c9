import { describe, expect, it } from 'vitest'
import type { Journey } from '../../app/journey.ts'
import { expected, play, scenario } from './runJourney.ts'

const names = ['device-to-ticket', 'healthy-fleet', 'bad-input', 'late-and-gappy']

describe.each(names)('journey %s on DuckDB and PGlite', (name) => {
  const input = scenario(name)
  const want = expected(name)

  it(input.story, async () => {
    const answer = name === 'device-to-ticket' ? plannerAnswers : undefined
    const outcome = await play(input, {}, answer)
    expect(outcome.tickets).toEqual(want.tickets)
    expect(outcome).toMatchObject({ stored: want.stored, lost: 0, deadLetters: want.deadLetters ?? {} })
    expect(outcome.duplicates).toBe(want.duplicates ?? 0)
  }, 90_000)
})

/** The planner acknowledges, schedules and resolves the ticket with a verdict over HTTP, as the page does. */
async function plannerAnswers(journey: Journey): Promise<void> {
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
  expect(kinds.filter((kind) => kind !== 'merged' && kind !== 'revised')).toEqual([
    'opened',
    'acknowledged',
    'scheduled',
    'resolved',
  ])
}
