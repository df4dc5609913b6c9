import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readEngines } from '../../../edge/replay/cmapssFile.ts'
import { openBackend } from '../../../models/backend.ts'
import { figures, predict } from '../../../models/evaluation/benchmark.ts'
import { lifeOf } from '../../../models/evaluation/cmapss.ts'
import { cutTrials } from '../../../models/evaluation/trials.ts'
import type { TrainingLife } from '../../../models/training/dataset.ts'
import { trainForecaster } from '../../../models/training/forecaster.ts'
import { seededRandom } from '../../../models/training/random.ts'
import { recipeFor } from '../../../models/training/recipes.ts'
import { loadCatalogue } from '../../loadCatalogue.ts'
import { type Protocol, protocols, shapeFor } from './protocols.ts'

const file = process.env.FOREWARN_DATA ? join(process.env.FOREWARN_DATA, 'cmapss', 'train_FD001.txt') : ''
const where = existsSync(file) ? '' : ' (left out: FOREWARN_DATA names no cmapss/train_FD001.txt)'
const type = loadCatalogue().get('turbofan')!
const [withAge] = protocols as [Protocol]

/** Altitude, Mach number and throttle of six conditions. */
const conditions = [
  [0, 0, 100],
  [10, 0.25, 100],
  [20, 0.7, 100],
  [25, 0.62, 60],
  [35, 0.84, 100],
  [42, 0.84, 100],
] as const

/** The same engines as if each flight were in a condition at random, with a gain and an offset of its own a sensor. */
function flownInSix(lives: readonly TrainingLife[]): TrainingLife[] {
  const draw = seededRandom(9)
  const changes = conditions.map(() =>
    type.channels.map(() => ({ gain: 0.5 + draw(), offset: 400 * (draw() - 0.5) })),
  )
  return lives.map((life, engine) => {
    const random = seededRandom(engine + 1)
    const flights = Array.from(life.values[0]!, () => Math.floor(random() * conditions.length))
    const values = life.values.map((series, c) =>
      series.map((value, flight) => {
        const condition = flights[flight]!
        const { gain, offset } = changes[condition]![c]!
        if (type.channels[c]!.role === 'usage') return value
        return type.channels[c]!.role === 'setting' ? conditions[condition]![c - 1]! : value * gain + offset
      }),
    )
    return { ...life, values }
  })
}

/** RMSE on ten engines, trained on forty for a few epochs. */
async function rmseOf(lives: readonly TrainingLife[], toldApart: boolean): Promise<number> {
  const training = lives.slice(10)
  const shape = shapeFor(type, training, withAge)
  const parts = await trainForecaster(type, training, toldApart ? shape : { ...shape, regime: null }, {
    ...recipeFor(type).forecaster,
    folds: 0,
    epochs: 8,
    every: 2,
    seed: 1,
  })
  const trials = cutTrials(type, lives.slice(0, 10), 20, 1)
  const windows = trials.map((t) => t.window)
  const points = predict(type, parts, windows).map((p) => p.mean)
  for (const member of parts.members) member.dispose()
  return figures(trials, points, type.rulCap).rmseCapped
}

describe.runIf(existsSync(file))(`engines of FD001 in six operating conditions${where}`, () => {
  it('are forecast about as well as in one, but not where the conditions are not told apart', async () => {
    await openBackend()
    const plain = (await readEngines(file, '1-50')).map((engine) => lifeOf(engine))
    const six = flownInSix(plain)
    expect(shapeFor(type, six, withAge).regime).toMatchObject({ kind: 'conditions' })
    const [one, told, untold] = [await rmseOf(plain, true), await rmseOf(six, true), await rmseOf(six, false)]
    expect(told).toBeLessThan(one + 2)
    expect(untold).toBeGreaterThan(told + 5)
  }, 60_000)
})
