import { afterAll, beforeAll, expect, it } from 'vitest'
import { press } from '../properties/tinyAsset.ts'
import { type PolicyPlant, policyPlant } from '../support/policyPlant.ts'

/*
 * 00:00 three presses on one drive run sound: the feeder hangs on the press, the press on the drive · 00:20 all three show
 * wear: one ticket, for the drive; feeder and press are held, and say why · 00:40 the drive is sound again, so is the press ·
 * once the drive's alarm is over the feeder, which wears on, has a ticket of its own.
 */
let plant: PolicyPlant
beforeAll(async () => {
  plant = await policyPlant()
}, 300_000)
afterAll(() => plant.close())

it('a root cause mutes its symptoms', async () => {
  const all = (condition: 'sound' | 'worn') => ({ feeder: condition, press: condition, drive: condition })
  await plant.run(all('sound'), 20)
  const hang = (device: string, parent: string) =>
    plant.api().patch(`/api/devices/${device}`, { parent, actor: 'Ines' })
  await hang('feeder', 'press')
  await hang('press', 'drive')
  await expect(hang('drive', 'feeder')).rejects.toMatchObject({
    code: 'DEVICE_PARENT_INVALID',
    message: 'drive cannot hang on feeder: feeder hangs on drive already',
  })

  await plant.run(all('worn'), 8)
  await plant.run({ drive: 'worn' }, 4)
  await plant.run(all('worn'), 8)
  expect(await plant.tickets()).toEqual(['drive worn_die open'])
  const feeder = await plant.why('feeder')
  expect(feeder.answer).toBe(
    'Because the alarm of drive (worn die), which it hangs on, stands and is taken for the cause.',
  )
  expect(feeder.runs[0]).toMatchObject({ reason: 'inhibited_by_parent', detail: 'drive' })
  expect(feeder.parent).toMatchObject({ device: 'drive' })

  await plant.run({ feeder: 'worn', press: 'sound', drive: 'sound' }, press.window.length + 4)
  expect((await plant.why('drive')).alarm!.raised).toBe(false)
  expect(await plant.tickets()).toEqual(['drive worn_die open', 'feeder worn_die open'])
}, 60_000)
