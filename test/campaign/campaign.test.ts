import { expect, it } from 'vitest'
import { runCampaign } from './campaign.ts'
import { startEagerRelay } from './eagerRelay.ts'
import { embedded } from './embedded.ts'
import { EmbeddedPlant } from './embeddedPlant.ts'
import { roundsALife } from './fleet.ts'
import { failureText, summaryText, Tally } from './summary.ts'

/** No further round begins after so long, ms, once an installation has lived its whole life. */
const timeBoxMs = 90_000

const only = (...kinds: string[]) => embedded.faults.filter(({ kind }) => kinds.includes(kind))

it('ten rounds of faults under load: nothing acknowledged is lost, nothing doubled, the right tickets are open', async () => {
  const seed = 'npm test'
  const begun = performance.now()
  const tally = new Tally()
  const failures: string[] = []
  for await (const told of runCampaign(embedded, { from: 1, rounds: 10, seed })) {
    tally.add(told)
    if (!told.isClean) failures.push(failureText(told, seed, ''))
    if (told.round >= roundsALife && performance.now() - begun > timeBoxMs) break
  }
  expect(failures).toEqual([])
  expect(tally.summary).toMatchObject({ lost: 0, doubled: 0, wrong: 0, ticketsWrong: 0 })
  // three machines of an installation have failed at the end of its life
  expect(tally.summary.tickets, summaryText(tally.summary)).toBeGreaterThanOrEqual(3)
}, 600_000)

it('finds out about acknowledgements that come too early, and about rows that are written twice', async () => {
  const scenery = {
    faults: only('kill'),
    make: async (folder: string) => {
      const plant = await EmbeddedPlant.make(folder, false)
      plant.control.set({ doubles: true })
      const port = () => (plant.process.mqttUrl ? Number(new URL(plant.process.mqttUrl).port) : undefined)
      const relay = await startEagerRelay(port)
      const close = plant.close.bind(plant)
      return Object.assign(plant, {
        mqttUrl: () => `mqtt://127.0.0.1:${relay.port}`,
        // what is left of a round that fails is of no use here
        close: async () => {
          await relay.close()
          await close({ keep: false })
        },
      })
    },
  }
  const rounds = runCampaign(scenery, { from: 1, rounds: 1, seed: 'sabotage' })
  const { value: told } = await rounds.next()
  await rounds.return(undefined)
  expect(told?.isClean).toBe(false)
  expect(told?.verdict.lost.length).toBeGreaterThan(0)
  expect(told?.verdict.doubled.length).toBeGreaterThan(0)
}, 120_000)
