import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DeviceDetail } from '../../alerts/http/schemas/devices.ts'
import type { ScoreList } from '../../alerts/http/schemas/scores.ts'
import type { TicketList } from '../../alerts/http/schemas/tickets.ts'
import type { Journey } from '../../app/journey.ts'
import { type NotScoredReason, notScoredReasons, type ScoringState } from '../../core/score.ts'
import { press, pressLife } from '../properties/tinyAsset.ts'
import { getJson, until } from '../support/forewarnProcess.ts'
import { by, type PressPlant, pressMessages, pressPlant, startOf } from '../support/pressPlant.ts'
import { publishAll, scoredAndDone, startQuietly } from '../support/quietJourney.ts'

/*
 * Everything that can keep a press from being scored, minute by minute, beside a press that is sound and one that wears
 * out. What is not scored is never shown as healthy, and never gets a ticket.
 *
 *   0   nobody has a model yet
 *   30  a model is there: all are scored
 *   60  one press loses five minutes, another one's force sensor sticks, a third runs at three times the speed, a fourth
 *       falls silent; at 65 a new one starts
 *   75  the causes are gone
 *   96  forewarn starts again and has heard of nobody since
 */
const slots = 99
const start = startOf(slots)
const at = (slot: number) => start + slot * press.cadenceMs

const lives = {
  sound: pressLife(901, slots),
  worn: pressLife(902, slots, 100),
  gappy: pressLife(903, slots),
  stuck: pressLife(904, slots),
  racing: pressLife(905, slots),
  quiet: pressLife(906, slots),
  new: pressLife(907, slots),
}
type Press = keyof typeof lives
const presses = Object.keys(lives) as Press[]

const [force, speed] = [lives.stuck.values[0]!, lives.racing.values[2]!]
force.fill(force[60]!, 60, 75)
for (let slot = 60; slot < 75; slot++) speed[slot]! *= 3

/** When a press sends nothing: from the first slot on and before the second. */
const away: Partial<Record<string, readonly [number, number]>> = {
  gappy: [60, 65],
  quiet: [60, 75],
  new: [0, 65],
}

/** Where windows end that are scored: from the first slot on and before the second. */
const scored: Record<Press, readonly (readonly [number, number])[]> = {
  sound: [[30, 99]],
  worn: [[30, 99]],
  // A window needs six readings behind a gap, ...
  gappy: [
    [30, 60],
    [70, 99],
  ],
  quiet: [
    [30, 60],
    [80, 99],
  ],
  new: [[70, 99]],
  // ... a sensor is stuck once it has repeated one value eight times, ...
  stuck: [
    [30, 67],
    [75, 99],
  ],
  // ... and all but one of a window's sixteen minutes have to be as in training.
  racing: [
    [30, 60],
    [89, 99],
  ],
}

/** Those of a press that lie from `first` on and before `behind`. */
const scoredSlots = (device: Press, first: number, behind: number): number[] =>
  scored[device]
    .flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i))
    .filter((slot) => slot >= first && slot < behind)

let plant: PressPlant
let journey: Journey
let windows = 0
const provoked = new Set<NotScoredReason>()

beforeAll(async () => {
  plant = pressPlant()
  journey = await startQuietly(plant.config)
}, 180_000)

afterAll(async () => {
  await journey.close()
  plant.remove()
})

/** The presses go on from slot `first` on and before `behind`. */
async function run(first: number, behind: number): Promise<void> {
  const sent = pressMessages(lives, start, first, behind).filter(({ device, time }) => {
    const [from, to] = away[device] ?? [0, 0]
    return time < at(from) || time >= at(to)
  })
  await publishAll(journey, sent)
  for (const device of presses) windows += scoredSlots(device, first, behind).length
  await scoredAndDone(journey, windows)
}

const shown = (device: string) => getJson<DeviceDetail>(`${journey.httpUrl}/api/devices/${device}`)

/** Waits until a press is shown like that: the state follows its windows within moments. */
const shownAs = (device: Press, state: ScoringState) =>
  until(
    () => shown(device),
    (answer) => JSON.stringify(answer.device.state) === JSON.stringify(state),
    20_000,
  )

async function areScored(slot: number, ...some: readonly Press[]): Promise<void> {
  for (const device of some) {
    const { device: view } = await shownAs(device, { state: 'scored', windowEnd: at(slot) })
    expect(view).toMatchObject({ reasonText: null, score: { windowEnd: at(slot) } })
  }
}

async function isNotScored(device: Press, reason: NotScoredReason, since: number): Promise<void> {
  const { device: view, tickets } = await shownAs(device, { state: 'not_scored', reason, since })
  expect(view).toMatchObject({ reasonText: notScoredReasons[reason], openTicket: null })
  expect(tickets).toEqual([])
  provoked.add(reason)
}

async function withTicket(): Promise<string[]> {
  const { tickets } = await getJson<TicketList>(`${journey.httpUrl}/api/tickets`)
  return tickets.map(({ device }) => device)
}

/** Where windows of a press end that have a score, from the model's first on. */
async function storedSlots(device: Press): Promise<number[]> {
  const query = `from=${at(30)}&to=${at(slots)}`
  const { scores } = await getJson<ScoreList>(`${journey.httpUrl}/api/devices/${device}/scores?${query}`)
  return scores.map(({ windowEnd }) => (windowEnd - start) / press.cadenceMs).sort((a, b) => a - b)
}

it('tells every reason for not scoring, since when, and scores again once it is gone', async () => {
  await run(0, 30)
  for (const device of ['sound', 'worn', 'gappy', 'stuck', 'racing', 'quiet'] as const)
    await isNotScored(device, 'no_model', at(0))

  await plant.registry.decide(press.name, { action: 'promoted', hash: await plant.register(1), ...by })
  await until(journey.summary, ({ scoring }) => scoring.models.length > 0, 20_000)
  await run(30, 60)
  await areScored(59, 'sound', 'worn', 'gappy', 'stuck', 'racing', 'quiet')

  await run(60, 69)
  await areScored(68, 'sound', 'worn')
  await isNotScored('gappy', 'gap', at(65))
  await isNotScored('stuck', 'stuck_channel', at(67))
  await isNotScored('racing', 'unlike_training', at(60))
  await isNotScored('new', 'too_little_history', at(65))

  await run(69, 75)
  await areScored(74, 'sound', 'worn', 'gappy', 'new')
  await isNotScored('stuck', 'stuck_channel', at(67))
  await isNotScored('racing', 'unlike_training', at(60))
  // Twelve minutes behind the others.
  await isNotScored('quiet', 'silent', at(59))

  // Silence leaves a gap.
  await run(75, 78)
  await isNotScored('quiet', 'gap', at(75))
  await isNotScored('racing', 'unlike_training', at(60))
  await run(78, 96)
  await areScored(95, ...presses)

  expect(await withTicket()).toEqual(['worn'])

  await journey.close()
  const restarted = Date.now()
  journey = await startQuietly(plant.config)
  windows = 0
  for (const device of presses) {
    const { state } = (await shown(device)).device
    expect(state).toMatchObject({ state: 'not_scored', reason: 'no_data' })
    expect('since' in state && state.since).toBeGreaterThanOrEqual(restarted)
  }
  provoked.add('no_data')
  await run(96, 99)
  await areScored(98, ...presses)
  expect(await withTicket()).toEqual(['worn'])

  for (const device of presses)
    expect(await storedSlots(device), device).toEqual(scoredSlots(device, 30, slots))
  expect([...provoked].sort()).toEqual(Object.keys(notScoredReasons).sort())
}, 180_000)
